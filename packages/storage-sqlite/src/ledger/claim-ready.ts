import type { ClaimedDispatch, ClaimRequest, WorkClass } from '@patchbay/core/adapter';
import { readyCondition } from '../schema/tables.ts';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { isOpen } from './gate-check.ts';
import { leaseDispatch } from './lease.ts';

/**
 * The tenant that was served last in each class, so that the next claim begins behind it; `null` before the first, as the hub's own scope is the
 * empty text. Two processes need not agree: each is fair by itself.
 */
export type ClaimCursor = Record<WorkClass, string | null>;

/** A cursor at the beginning. */
export const createClaimCursor = (): ClaimCursor => ({ live: null, replay: null });

/** The first dispatch of a lane that has not been taken yet. */
interface Head {
  readonly lane: string;
  readonly handler: string;
  readonly handle: number;
  readonly dueAt: number;
}

const promoteParked = `
  update dispatches set parked = 0 where status = 'pending' and crashes = 0 and parked = 1 and due_at <= ?`;

// Each of these four is one probe of an index: it walks over tenants, lanes and dispatches, never over what waits behind them.
const firstTenant = `
  select tenant from dispatches where ${readyCondition} and work_class = ? order by work_class, tenant limit 1`;

const nextTenant = `
  select tenant from dispatches where ${readyCondition} and work_class = ? and tenant > ? order by work_class, tenant limit 1`;

const nextLane = `
  select lane, handler, due_at, handle from dispatches
  where ${readyCondition} and work_class = ? and tenant = ? and (lane, handler) > (?, ?)
  order by lane, handler, due_at, handle limit 1`;

const nextInLane = `
  select due_at, handle from dispatches
  where ${readyCondition} and work_class = ? and tenant = ? and lane = ? and handler = ? and (due_at, handle) > (?, ?)
  order by due_at, handle limit 1`;

/** One claim under way. */
interface Claiming {
  readonly session: Session;
  readonly request: ClaimRequest;
  readonly handlers: ReadonlySet<string>;
  /** Lanes that the request leaves out. */
  readonly leftOut: ReadonlySet<string>;
  readonly now: number;
}

const laneName = (tenant: string, lane: string): string => `${tenant.length}:${tenant}${lane}`;

/** The heads of the tenant's lanes that may be served now. */
function headsOf({ session, handlers, leftOut, now }: Claiming, workClass: WorkClass, tenant: string): Head[] {
  const heads: Head[] = [];
  let place: readonly [string, string] = ['', ''];
  for (;;) {
    const row = session.get(nextLane, workClass, tenant, ...place);
    if (row === undefined) return heads;
    const head = { lane: text(row, 'lane'), handler: text(row, 'handler'), handle: number(row, 'handle'), dueAt: number(row, 'due_at') };
    place = [head.lane, head.handler];
    const mayServe = handlers.has(head.handler) && !leftOut.has(laneName(tenant, head.lane));
    if (head.dueAt <= now && mayServe && isOpen(session, tenant, head.lane, now)) heads.push(head);
  }
}

/** A tenant that can be served, with the heads of its lanes. */
interface Waiting {
  readonly tenant: string;
  heads: Head[];
}

/** Tenants that can be served, behind the last served one and round again, at most as many as there are slots. */
function waitingTenants(claiming: Claiming, workClass: WorkClass, after: string | null, limit: number): Waiting[] {
  const { session } = claiming;
  const found: Waiting[] = [];
  let place = after;
  let wrapped = false;
  while (found.length < limit) {
    const row = place === null ? session.get(firstTenant, workClass) : session.get(nextTenant, workClass, place);
    if (row === undefined) {
      if (wrapped || after === null) return found;
      wrapped = true;
      place = null;
      continue;
    }
    place = text(row, 'tenant');
    if (wrapped && after !== null && place > after) return found;
    const heads = headsOf(claiming, workClass, place);
    if (heads.length > 0) found.push({ tenant: place, heads });
    if (wrapped && place === after) return found;
  }
  return found;
}

const sooner = (left: Head, right: Head): Head =>
  right.dueAt < left.dueAt || (right.dueAt === left.dueAt && right.handle < left.handle) ? right : left;

/** Takes the oldest due of the tenant's heads, and puts what is behind it in its place. */
function takeHead({ session, now }: Claiming, workClass: WorkClass, waiting: Waiting): number | null {
  const [first, ...others] = waiting.heads;
  if (first === undefined) return null;
  const head = others.reduce(sooner, first);
  const { lane, handler, handle, dueAt } = head;
  const row = session.get(nextInLane, workClass, waiting.tenant, lane, handler, dueAt, handle);
  const behind =
    row === undefined || number(row, 'due_at') > now
      ? []
      : [{ lane, handler, handle: number(row, 'handle'), dueAt: number(row, 'due_at') }];
  waiting.heads = [...waiting.heads.filter((one) => one !== head), ...behind];
  return handle;
}

/** Leases up to `limit` dispatches of a class, one tenant after the other, each tenant's oldest due first. */
function takeClass(claiming: Claiming, workClass: WorkClass, cursor: ClaimCursor, limit: number): ClaimedDispatch[] {
  if (limit < 1) return [];
  const { session, request, now } = claiming;
  const waiting = waitingTenants(claiming, workClass, cursor[workClass], limit);
  const handles: number[] = [];
  for (let turn = 0; handles.length < limit; turn += 1) {
    const before = handles.length;
    for (const tenant of waiting) {
      if (handles.length >= limit) break;
      const handle = takeHead(claiming, workClass, tenant);
      if (handle === null) continue;
      handles.push(handle);
      if (turn === 0) cursor[workClass] = tenant.tenant;
    }
    if (handles.length === before) break;
  }
  return handles.map((handle) => leaseDispatch(session, handle, { ...request, by: null }, now));
}

/** Claims what is ready: replays first up to their share, then live work, then replays again while there is room. */
export function claimReady(session: Session, cursor: ClaimCursor, request: ClaimRequest, now: number): ClaimedDispatch[] {
  const leftOut = new Set((request.without ?? []).map(({ tenant, lane }) => laneName(tenant, lane)));
  const claiming: Claiming = { session, request, handlers: new Set(request.handlers), leftOut, now };
  const { limit, replayShare } = request;
  session.run(promoteParked, now);
  const replays = takeClass(claiming, 'replay', cursor, Math.min(limit, Math.floor(limit * replayShare)));
  const live = takeClass(claiming, 'live', cursor, limit - replays.length);
  const more = takeClass(claiming, 'replay', cursor, limit - replays.length - live.length);
  return [...live, ...replays, ...more];
}
