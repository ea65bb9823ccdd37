import type {
  AttemptRecord,
  DispatchFilter,
  DispatchKey,
  DispatchRecord,
  EventFilter,
  EventRecord,
  HistoryPage,
  PageRequest,
  RunRecord,
  RunStatus,
} from '@patchbay/core/adapter';
import { attemptRecord } from '../ledger/attempt-row.ts';
import { dispatchRecord, findDispatch, handleNumber } from '../ledger/dispatch-row.ts';
import { eventColumns, eventRecord } from '../ledger/event-row.ts';
import { automationTarget, runRecord } from '../ledger/run-row.ts';
import { deadCondition, deliveryCondition } from '../schema/tables.ts';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { readPage } from './page.ts';

/** Which page of what one tenant has. */
export interface PageOf<Filter> {
  readonly tenant: string;
  readonly filter: Filter;
  readonly page: PageRequest;
}

const columns = eventColumns.join(', ');
const oneEvent = `select ${columns} from events where tenant = ? and id = ?`;

/** One event, or `null`. */
export function readEvent(session: Session, { tenant, id }: { readonly tenant: string; readonly id: string }): EventRecord | null {
  const row = session.get(oneEvent, tenant, id);
  return row === undefined ? null : eventRecord(row);
}

/** A page of events. */
export function readEvents(session: Session, { tenant, filter, page }: PageOf<EventFilter>): HistoryPage<EventRecord> {
  const { type, typePrefix, from, below, storedFrom, storedBefore } = filter;
  const conditions = [
    ...(typePrefix === undefined ? [] : [{ sql: 'substr(type, 1, length(?)) = ?', values: [typePrefix, typePrefix] }]),
    ...(from === undefined ? [] : [{ sql: 'id >= ?', values: [from] }]),
    ...(below === undefined ? [] : [{ sql: 'id < ?', values: [below] }]),
    ...(storedFrom === undefined ? [] : [{ sql: 'stored_at >= ?', values: [storedFrom] }]),
    ...(storedBefore === undefined ? [] : [{ sql: 'stored_at < ?', values: [storedBefore] }]),
  ];
  return readPage(session, page, { table: 'events', columns, order: ['id'], filter: { tenant, type }, conditions, item: eventRecord });
}

const marked = 'select root from event_marks where tenant = ? and root = ? and ended = 0';

/** Those of the roots that still have a routing mark. */
export const readUnrouted = (
  session: Session,
  { tenant, roots }: { readonly tenant: string; readonly roots: readonly string[] },
): string[] => roots.filter((root) => session.get(marked, tenant, root) !== undefined);

/** Which runs. */
export interface RunFilter {
  readonly root?: string;
  readonly automation?: string;
  readonly status?: RunStatus;
}

/** A page of runs. */
export function readRuns(session: Session, { tenant, filter, page }: PageOf<RunFilter>): HistoryPage<RunRecord> {
  const { root, automation, status } = filter;
  const order = ['root', 'automation', 'replay'];
  return readPage(session, page, { table: 'runs', columns: '*', order, filter: { tenant, root, automation, status }, item: runRecord });
}

/** A page of dispatches, open and ended alike. */
export function readDispatches(session: Session, { tenant, filter, page }: PageOf<DispatchFilter>): HistoryPage<DispatchRecord> {
  const { root, target, replay, status, operation, from, below } = filter;
  const isDelivery = target?.startsWith('endpoint:') === true;
  const order = ['root', 'target', 'replay', 'path'];
  // As literals, so that their indexes serve the list of all that is dead, and of the deliveries of an endpoint.
  const conditions = [
    ...(status === 'dead' ? [{ sql: deadCondition, values: [] }] : []),
    ...(isDelivery ? [{ sql: deliveryCondition, values: [] }] : []),
    ...(from === undefined ? [] : [{ sql: 'root >= ?', values: [from] }]),
    ...(below === undefined ? [] : [{ sql: 'root < ?', values: [below] }]),
  ];
  const wanted = { tenant, root, target, replay, operation, status: status === 'dead' ? undefined : status };
  return readPage(session, page, { table: 'dispatches', columns: '*', order, filter: wanted, conditions, item: dispatchRecord });
}

const attemptsOf = 'select * from attempts where dispatch = ? order by number';

/** The attempts at a dispatch, in order of their number. */
export function readAttempts(session: Session, key: DispatchKey): AttemptRecord[] {
  const found = findDispatch(session, key);
  return found === null ? [] : session.all(attemptsOf, handleNumber(found.handle)).map((row) => attemptRecord(row, found.record.key));
}

const lastReplay = `
  select max(
    coalesce((select max(replay) from dispatches where tenant = ? and root = ? and target = ?), -1),
    coalesce((select max(replay) from runs where tenant = ? and root = ? and '${automationTarget('')}' || automation = ?), -1)) as replay`;

/** The highest replay number under a root and target, -1 where there is none. */
export function readLastReplay(
  session: Session,
  { tenant, root, target }: { readonly tenant: string; readonly root: string; readonly target: string },
): number {
  const row = session.get(lastReplay, tenant, root, target, tenant, root, target);
  return row === undefined ? -1 : number(row, 'replay');
}
