import type { ClaimedDispatch, ClaimRequest, DispatchKey, ErrorRecord } from '@patchbay/core/adapter';
import { suspectCondition } from '../schema/tables.ts';
import { type Row, toJson } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { insertAttempt } from './attempt-row.ts';
import { findDispatch, handleNumber, type StoredDispatch, storedDispatch } from './dispatch-row.ts';
import { isOpen } from './gate-check.ts';
import { leaseDispatch } from './lease.ts';

/** Whether the process can execute the dispatch and its lane is open. */
function mayTake(session: Session, { handlers }: ClaimRequest, { record }: StoredDispatch, now: number): boolean {
  return handlers.includes(record.handler) && isOpen(session, record.key.tenant, record.lane, now);
}

/** The dispatches of these keys, each once. */
function findKeys(session: Session, keys: readonly DispatchKey[]): readonly StoredDispatch[] {
  const found = keys.flatMap((key) => findDispatch(session, key) ?? []);
  return [...new Map(found.map((dispatch) => [dispatch.handle, dispatch])).values()];
}

const isReady = ({ waitsForTurn, record: { status, crashes, dueAt } }: StoredDispatch, now: number): boolean =>
  status === 'pending' && crashes === 0 && dueAt <= now && !waitsForTurn;

/** Claims those of the keys that are ready. */
export function claimKeys(session: Session, request: ClaimRequest, keys: readonly DispatchKey[], now: number): ClaimedDispatch[] {
  const fitting = findKeys(session, keys).filter((found) => isReady(found, now) && mayTake(session, request, found, now));
  const taken = fitting.slice(0, Math.max(0, request.limit));
  return taken.map(({ handle }) => leaseDispatch(session, handleNumber(handle), { ...request, by: null }, now));
}

/** When somebody may look at a suspect: due, or its lease over. */
const suspectSince = ({ record }: StoredDispatch): number => (record.status === 'leased' ? (record.leaseUntil ?? 0) : record.dueAt);

const isSuspect = (found: StoredDispatch, now: number): boolean => {
  const { status, crashes } = found.record;
  return (status === 'leased' || (status === 'pending' && crashes > 0)) && suspectSince(found) <= now;
};

const crashedAndDue = `select * from dispatches where ${suspectCondition} and due_at <= ? order by due_at, handle`;
const expired = "select * from dispatches where status = 'leased' and lease_until <= ? order by lease_until, handle";

/** The first of the rows that may be taken. */
function firstFitting(session: Session, rows: Iterable<Row>, request: ClaimRequest, now: number): StoredDispatch | undefined {
  for (const row of rows) {
    const found = storedDispatch(row);
    if (mayTake(session, request, found, now)) return found;
  }
  return undefined;
}

function firstSuspect(session: Session, request: ClaimRequest, now: number): StoredDispatch | undefined {
  const candidates = [crashedAndDue, expired].flatMap((sql) => firstFitting(session, session.each(sql, now), request, now) ?? []);
  return candidates.sort((left, right) => suspectSince(left) - suspectSince(right))[0];
}

/** The error of an attempt whose worker did not come back. */
const crashed: ErrorRecord = {
  code: 'crashed',
  message: 'The worker that held this dispatch let its lease run out, so its outcome is unknown. Look for a stopped or stalled process.',
};

const countCrash = `
  update dispatches set attempts = attempts + 1, crashes = crashes + 1, last_attempt = last_attempt + 1, error = ?,
    unknown_since = coalesce(unknown_since, sent_at)
  where handle = ?`;

/** Ends an expired lease as a crash: its attempt is recorded as unknown. */
function takeOver(session: Session, { handle, record, sentAt, claimedAt }: StoredDispatch): void {
  insertAttempt(session, handle, {
    number: record.lastAttempt + 1,
    round: record.round,
    outcome: 'unknown',
    startedAt: sentAt ?? claimedAt ?? record.createdAt,
    durationMs: null,
    holder: record.holder ?? '',
    fence: record.fence,
    error: crashed,
    retryInMs: null,
    providerRequestId: null,
    warnings: [],
    exchange: null,
  });
  session.run(countCrash, toJson(crashed), handleNumber(handle));
}

/** Claims at most one dispatch that has crashed or whose lease has expired, the longest waiting first; of named ones the first that fits. */
export function claimSuspect(session: Session, request: ClaimRequest, now: number): ClaimedDispatch[] {
  if (request.limit < 1) return [];
  const { keys } = request;
  const found =
    keys === undefined
      ? firstSuspect(session, request, now)
      : findKeys(session, keys).find((one) => isSuspect(one, now) && mayTake(session, request, one, now));
  if (found === undefined) return [];
  if (found.record.status === 'leased') takeOver(session, found);
  return [leaseDispatch(session, handleNumber(found.handle), { ...request, by: null }, now)];
}
