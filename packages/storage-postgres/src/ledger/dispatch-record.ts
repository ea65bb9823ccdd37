import type {
  ClaimedDispatch,
  DispatchRecord,
  DispatchStatus,
  ErrorRecord,
  NewDispatch,
  OrderingRecord,
  RunRecord,
  WorkClass,
} from '@patchbay/core/adapter';
import { number, optionalJson, optionalNumber, optionalText, type Row, text } from '../row.ts';
import { handleOf } from './handle.ts';

/** Select list of what an open dispatch and an ended one have in common. */
const sharedColumns = (schema: string, alias: string, dueAt: string): string => {
  const plain =
    'tenant root target replay path handler lane work_class operation connection input version mark on_unknown status ordering_key on_dead';
  const counts = 'fence round attempts crashes last_attempt error';
  const times = 'created_at first_sent_at unknown_since';
  return [
    ...`${plain} ${counts}`.split(' ').map((name) => `${alias}.${name}`),
    `${alias}.ordering_number`,
    `${schema}.millis(${dueAt}) as due_at`,
    ...times.split(' ').map((name) => `${schema}.millis(${alias}.${name}) as ${name}`),
  ].join(', ');
};

/** Select list of an open dispatch, for {@link dispatchRecord}. */
export const openColumns = (schema: string, alias: string): string =>
  `${sharedColumns(schema, alias, `coalesce(${alias}.turn_due_at, ${alias}.due_at)`)}, ${alias}.holder, ${schema}.millis(${alias}.lease_until) as lease_until, ${alias}.reason,
   null::text as output, null::double precision as finished_at`;

/** Select list of an ended dispatch; the same names and types as {@link openColumns}. */
export const endedColumns = (schema: string, alias: string): string =>
  `${sharedColumns(schema, alias, `${alias}.due_at`)}, null::text as holder, null::double precision as lease_until, null::text as reason,
   ${alias}.output, ${schema}.millis(${alias}.finished_at) as finished_at`;

// The words of these columns come from this package's own statements only.
const isStatus = (value: string): value is DispatchStatus => /^(pending|leased|held|succeeded|dead|cancelled)$/.test(value);

function statusOf(value: string): DispatchStatus {
  if (isStatus(value)) return value;
  throw new TypeError(`The status ${value} of a dispatch is not known to this version of the package.`);
}

const workClassOf = (value: string): WorkClass => (value === 'replay' ? 'replay' : 'live');
const markOf = (value: string): NewDispatch['mark'] => (value === 'begin' ? 'begin' : 'claim');
const onUnknownOf = (value: string): NewDispatch['onUnknown'] => (value === 'retry' ? 'retry' : 'hold');

function orderingOf(row: Row): OrderingRecord | null {
  const key = optionalText(row, 'ordering_key');
  return key === null ? null : { key, onDead: text(row, 'on_dead') === 'block' ? 'block' : 'skip', number: number(row, 'ordering_number') };
}

/** Reads a dispatch from a row of {@link openColumns} or {@link endedColumns}. */
export const dispatchRecord = (row: Row): DispatchRecord => ({
  key: {
    tenant: text(row, 'tenant'),
    root: text(row, 'root'),
    target: text(row, 'target'),
    replay: number(row, 'replay'),
    path: text(row, 'path'),
  },
  handler: text(row, 'handler'),
  lane: text(row, 'lane'),
  workClass: workClassOf(text(row, 'work_class')),
  operation: text(row, 'operation'),
  connection: optionalText(row, 'connection'),
  input: optionalText(row, 'input'),
  version: optionalNumber(row, 'version'),
  mark: markOf(text(row, 'mark')),
  onUnknown: onUnknownOf(text(row, 'on_unknown')),
  ordering: orderingOf(row),
  status: statusOf(text(row, 'status')),
  createdAt: number(row, 'created_at'),
  dueAt: number(row, 'due_at'),
  fence: number(row, 'fence'),
  holder: optionalText(row, 'holder'),
  leaseUntil: optionalNumber(row, 'lease_until'),
  round: number(row, 'round'),
  attempts: number(row, 'attempts'),
  crashes: number(row, 'crashes'),
  lastAttempt: number(row, 'last_attempt'),
  firstSentAt: optionalNumber(row, 'first_sent_at'),
  unknownSince: optionalNumber(row, 'unknown_since'),
  output: optionalText(row, 'output'),
  error: optionalJson<ErrorRecord>(row, 'error'),
  reason: optionalText(row, 'reason'),
  finishedAt: optionalNumber(row, 'finished_at'),
});

/** A dispatch as its holder gets it. */
export const claimedDispatch = (row: Row, run: RunRecord | null): ClaimedDispatch => ({
  ...dispatchRecord(row),
  handle: handleOf(text(row, 'handle'), optionalText(row, 'ordering_key') !== null),
  holder: text(row, 'holder'),
  leaseUntil: number(row, 'lease_until'),
  storeNow: number(row, 'store_now'),
  run,
});
