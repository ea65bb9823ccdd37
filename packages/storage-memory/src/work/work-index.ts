import type { DispatchEntry, LaneQueue, TenantQueue } from '../ledger/entries.ts';
import { createHeap, type Heap, inOrder, peek, push, remove, update } from '../structures/heap.ts';

/** Everything of one class that is pending and never crashed. Tenants whose first dispatch is due stand in `ready`, the others in `parked`. */
export interface WorkIndex {
  readonly tenants: Map<string, TenantQueue>;
  readonly parked: Heap<TenantQueue>;
  readonly ready: Heap<TenantQueue>;
  turn: number;
}

/** Orders dispatches by due time, then by age. */
export const dueBefore = (left: DispatchEntry, right: DispatchEntry): boolean =>
  left.dueAt < right.dueAt || (left.dueAt === right.dueAt && left.order < right.order);

const never = Number.POSITIVE_INFINITY;
const laneDue = (queue: LaneQueue): number => peek(queue.entries)?.dueAt ?? never;

/** When the first dispatch of the tenant is due, milliseconds since 1970. */
export function tenantDue(queue: TenantQueue): number {
  const head = peek(queue.heads);
  return head === undefined ? never : laneDue(head);
}

/** Makes an empty index. */
export function createWorkIndex(): WorkIndex {
  return {
    tenants: new Map(),
    parked: createHeap((left, right) => tenantDue(left) < tenantDue(right)),
    ready: createHeap((left, right) => left.served < right.served),
    turn: 0,
  };
}

function tenantQueue(index: WorkIndex, tenant: string): TenantQueue {
  const found = index.tenants.get(tenant);
  if (found !== undefined) return found;
  const heads = createHeap<LaneQueue>((left, right) => laneDue(left) < laneDue(right));
  const made: TenantQueue = { tenant, lanes: new Map(), heads, place: 'out', served: 0, heapIndex: -1 };
  index.tenants.set(tenant, made);
  return made;
}

/** Puts a tenant that stands nowhere where it belongs, or forgets it when nothing of it waits. */
function putBack(index: WorkIndex, queue: TenantQueue, now: number): void {
  const due = tenantDue(queue);
  if (due === never) {
    index.tenants.delete(queue.tenant);
    return;
  }
  queue.place = due <= now ? 'ready' : 'parked';
  push(index[queue.place], queue);
}

/** Puts a dispatch into the index. */
export function addWork(index: WorkIndex, entry: DispatchEntry): void {
  const tenant = tenantQueue(index, entry.key.tenant);
  const name = `${entry.handler.length}:${entry.handler}${entry.lane}`;
  const found = tenant.lanes.get(name);
  const lane = found ?? { tenant, name, lane: entry.lane, handler: entry.handler, entries: createHeap(dueBefore), heapIndex: -1 };
  entry.laneQueue = lane;
  push(lane.entries, entry);
  if (found === undefined) {
    tenant.lanes.set(name, lane);
    push(tenant.heads, lane);
  } else update(tenant.heads, lane);
  if (tenant.place === 'parked') update(index.parked, tenant);
  if (tenant.place === 'out') putBack(index, tenant, Number.NEGATIVE_INFINITY);
}

function detach(entry: DispatchEntry, lane: LaneQueue): void {
  entry.laneQueue = null;
  remove(lane.entries, entry);
  if (peek(lane.entries) !== undefined) update(lane.tenant.heads, lane);
  else {
    remove(lane.tenant.heads, lane);
    lane.tenant.lanes.delete(lane.name);
  }
}

/** Takes a dispatch out of the index. */
export function removeWork(index: WorkIndex, entry: DispatchEntry): void {
  const lane = entry.laneQueue;
  if (lane === null) return;
  const { tenant } = lane;
  detach(entry, lane);
  if (tenantDue(tenant) === never) {
    if (tenant.place !== 'out') remove(index[tenant.place], tenant);
    index.tenants.delete(tenant.tenant);
  } else if (tenant.place === 'parked') update(index.parked, tenant);
}

/** The tenant's earliest due dispatch in a lane that may be served. */
function firstServable(tenant: TenantQueue, now: number, mayServe: (lane: LaneQueue) => boolean): DispatchEntry | undefined {
  for (const lane of inOrder(tenant.heads)) {
    if (laneDue(lane) > now) return undefined;
    if (mayServe(lane)) return peek(lane.entries);
  }
  return undefined;
}

function promote(index: WorkIndex, now: number): void {
  for (let tenant = peek(index.parked); tenant !== undefined && tenantDue(tenant) <= now; tenant = peek(index.parked)) {
    remove(index.parked, tenant);
    tenant.place = 'ready';
    tenant.served = ++index.turn;
    push(index.ready, tenant);
  }
}

/** Takes up to `limit` due dispatches out of the index, one tenant after the other, each tenant's oldest due first. */
export function takeWork(
  index: WorkIndex,
  request: { readonly now: number; readonly limit: number; readonly mayServe: (lane: LaneQueue) => boolean },
): DispatchEntry[] {
  const { now, limit, mayServe } = request;
  const taken: DispatchEntry[] = [];
  const aside: TenantQueue[] = [];
  promote(index, now);
  while (taken.length < limit) {
    const tenant = peek(index.ready);
    if (tenant === undefined) break;
    remove(index.ready, tenant);
    tenant.place = 'out';
    const entry = firstServable(tenant, now, mayServe);
    if (entry?.laneQueue == null) {
      aside.push(tenant);
      continue;
    }
    detach(entry, entry.laneQueue);
    taken.push(entry);
    tenant.served = ++index.turn;
    putBack(index, tenant, now);
  }
  for (const tenant of aside) putBack(index, tenant, now);
  return taken;
}

/** Earliest time at which a dispatch of the index can be claimed; `opensAt` says when a lane may be served (`now` or earlier: it may). */
export function nextWork(index: WorkIndex, now: number, opensAt: (lane: LaneQueue) => number): number {
  let best = never;
  const look = (tenant: TenantQueue): void => {
    for (const lane of inOrder(tenant.heads)) {
      if (laneDue(lane) >= best || best <= now) return;
      best = Math.min(best, Math.max(laneDue(lane), opensAt(lane)));
    }
  };
  for (const tenant of index.ready.elements) {
    if (best <= now) return best;
    look(tenant);
  }
  for (const tenant of inOrder(index.parked)) {
    if (tenantDue(tenant) >= best || best <= now) return best;
    look(tenant);
  }
  return best;
}
