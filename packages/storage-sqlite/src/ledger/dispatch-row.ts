import type { DispatchKey, DispatchRecord, Held, OrderingRecord } from '@patchbay/core/adapter';
import { number, optionalJson, optionalNumber, optionalText, type Row, text, word } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** Every status of a dispatch. */
const statuses: readonly DispatchRecord['status'][] = ['pending', 'leased', 'held', 'succeeded', 'dead', 'cancelled'];
const workClasses: readonly DispatchRecord['workClass'][] = ['live', 'replay'];
const marks: readonly DispatchRecord['mark'][] = ['claim', 'begin'];
const endings: readonly OrderingRecord['onDead'][] = ['skip', 'block'];
const policies: readonly DispatchRecord['onUnknown'][] = ['hold', 'retry'];

/** A dispatch with what only the store knows. */
export interface StoredDispatch {
  readonly handle: string;
  readonly record: DispatchRecord;
  readonly claimedAt: number | null;
  /** When this lease was marked in flight. */
  readonly sentAt: number | null;
  /** While it is in the lease that it was born with: the call that bore it. */
  readonly bornBy: string | null;
  /** Another turn has its ordering key. */
  readonly waitsForTurn: boolean;
  /** The act that wrote it last, which is how a repeated call is told from a late one. */
  readonly lastWrite: string | null;
}

/** Reads the key of a dispatch. */
const dispatchKey = (row: Row): DispatchKey => ({
  tenant: text(row, 'tenant'),
  root: text(row, 'root'),
  target: text(row, 'target'),
  replay: number(row, 'replay'),
  path: text(row, 'path'),
});

function orderingRecord(row: Row): OrderingRecord | null {
  const key = optionalText(row, 'ordering_key');
  return key === null ? null : { key, onDead: word(row, 'on_dead', endings), number: number(row, 'ordering_number') };
}

/** Reads a dispatch as it is handed out. */
export const dispatchRecord = (row: Row): DispatchRecord => ({
  key: dispatchKey(row),
  handler: text(row, 'handler'),
  lane: text(row, 'lane'),
  workClass: word(row, 'work_class', workClasses),
  operation: text(row, 'operation'),
  connection: optionalText(row, 'connection'),
  input: optionalText(row, 'input'),
  version: optionalNumber(row, 'version'),
  mark: word(row, 'mark', marks),
  onUnknown: word(row, 'on_unknown', policies),
  ordering: orderingRecord(row),
  status: word(row, 'status', statuses),
  createdAt: number(row, 'created_at'),
  dueAt: optionalNumber(row, 'turn_due_at') ?? number(row, 'due_at'),
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
  error: optionalJson(row, 'error'),
  reason: optionalText(row, 'reason'),
  finishedAt: optionalNumber(row, 'finished_at'),
});

/** Reads a dispatch whole. */
export const storedDispatch = (row: Row): StoredDispatch => ({
  handle: String(number(row, 'handle')),
  record: dispatchRecord(row),
  claimedAt: optionalNumber(row, 'claimed_at'),
  sentAt: optionalNumber(row, 'sent_at'),
  bornBy: optionalText(row, 'born_by'),
  waitsForTurn: row['turn_due_at'] !== null,
  lastWrite: optionalText(row, 'last_write'),
});

/** Condition of the very key. */
export const byKey = 'tenant = ? and root = ? and target = ? and replay = ? and path = ?';
const find = `select * from dispatches where ${byKey}`;

/** The values of {@link byKey}. */
export const keyValues = ({ tenant, root, target, replay, path }: DispatchKey): readonly [string, string, string, number, string] => [
  tenant,
  root,
  target,
  replay,
  path,
];

/** The dispatch of a key, or `null`. */
export function findDispatch(session: Session, key: DispatchKey): StoredDispatch | null {
  const row = session.get(find, ...keyValues(key));
  return row === undefined ? null : storedDispatch(row);
}

const findByHandle = 'select * from dispatches where handle = ?';

/** A handle as the table has it; one that this storage never gave is that of no row. */
export const handleNumber = (handle: string): number => (/^[1-9][0-9]{0,14}$/.test(handle) ? Number(handle) : 0);

/** The dispatch that has this handle, or `null`. */
export function findHandle(session: Session, handle: string): StoredDispatch | null {
  const row = session.get(findByHandle, handleNumber(handle));
  return row === undefined ? null : storedDispatch(row);
}

/** Condition that this very lease still holds the dispatch, whether or not its time has passed: nobody else has taken it over. */
export const stillHeld = "handle = ? and status = 'leased' and fence = ? and tenant = ?";

const findHeldRow = `select * from dispatches where ${stillHeld}`;

/** The dispatch that this lease still holds, or `null`. */
export function findHeld(session: Session, { handle, fence, tenant }: Held): StoredDispatch | null {
  const row = session.get(findHeldRow, handleNumber(handle), fence, tenant);
  return row === undefined ? null : storedDispatch(row);
}
