import type { EventMark, RoutingPage } from '@patchbay/core/adapter';
import { revisionOf } from '../configuration/configuration-state.ts';
import { malformed } from '../malformed.ts';
import { retainRoot } from '../retention.ts';
import type { State } from '../state.ts';
import { peek, push, remove } from '../structures/heap.ts';
import { storePrepared } from './birth.ts';
import { eventRecord } from './copies.ts';
import type { MarkEntry } from './entries.ts';
import { findRoot } from './find.ts';
import { sameRevision } from './ingest.ts';
import { passTurns } from './pass-turns.ts';
import { prepare } from './prepare.ts';

function takeBackExpired(state: State, now: number): void {
  for (let mark = peek(state.leasedMarks); mark !== undefined && (mark.leaseUntil ?? 0) <= now; mark = peek(state.leasedMarks)) {
    remove(state.leasedMarks, mark);
    mark.leaseUntil = null;
    push(state.waitingMarks, mark);
  }
}

/** The next of a tenant's marks that are routed in order. */
const firstInOrder = (state: State, tenant: string): MarkEntry | undefined => state.orderedMarks.get(tenant)?.values().next().value;

/** Leases routing marks, oldest first. */
export function claimMarks(state: State, request: { readonly limit: number; readonly ttlMs: number }): EventMark[] {
  const now = state.clock.now();
  takeBackExpired(state, now);
  const claimed: EventMark[] = [];
  for (let mark = peek(state.waitingMarks); mark !== undefined && claimed.length < request.limit; mark = peek(state.waitingMarks)) {
    remove(state.waitingMarks, mark);
    mark.fence += 1;
    mark.leaseUntil = now + request.ttlMs;
    push(state.leasedMarks, mark);
    const { tenant, id, event } = mark.root;
    claimed.push({ tenant, root: id, event: eventRecord(event), fence: mark.fence, routed: mark.routed });
  }
  return claimed;
}

const isRepeated = ({ lastPage }: MarkEntry, page: RoutingPage): boolean =>
  lastPage !== null && lastPage.fence === page.fence && lastPage.from === page.from && lastPage.to === page.to;

function endMark(state: State, mark: MarkEntry): void {
  remove(mark.leaseUntil === null ? state.waitingMarks : state.leasedMarks, mark);
  mark.leaseUntil = null;
  mark.ended = true;
  mark.root.open -= 1;
  if (mark.inOrder) releaseNext(state, mark);
}

/** Only the first of a tenant's marks in order stands where marks are claimed. */
function releaseNext(state: State, ended: MarkEntry): void {
  const { tenant } = ended.root;
  state.orderedMarks.get(tenant)?.delete(ended);
  const next = firstInOrder(state, tenant);
  if (next === undefined) state.orderedMarks.delete(tenant);
  else push(state.waitingMarks, next);
}

function applyPage(state: State, mark: MarkEntry, page: RoutingPage, now: number): void {
  const { root } = mark;
  const prepared = prepare(state, root, page, now);
  const considered = page.considered.map((one) => ({ ...one }));
  root.event = { ...root.event, considered: [...root.event.considered, ...considered] };
  mark.routed = page.to;
  mark.lastPage = { fence: page.fence, from: page.from, to: page.to };
  storePrepared(state, root, prepared, null, now);
  if (page.last) endMark(state, mark);
  retainRoot(state, root);
  passTurns(state);
}

function recordPage(state: State, page: RoutingPage, now: number): { status: 'done' | 'fenced' | 'stale' } {
  const mark = findRoot(state, page)?.mark;
  if (mark == null || mark.fence !== page.fence) return { status: 'fenced' };
  if (isRepeated(mark, page)) return { status: 'done' };
  if (mark.ended || (mark.inOrder && mark !== firstInOrder(state, page.tenant))) return { status: 'fenced' };
  if (page.from !== mark.routed || !sameRevision(page.revision, revisionOf(state.configuration, page.tenant))) return { status: 'stale' };
  if (!(page.to >= page.from)) throw malformed('A routing page ends before it begins. Let `to` count its targets from `from` on.');
  applyPage(state, mark, page, now);
  return { status: 'done' };
}

/** Writes pages of plans. */
export function recordRouting(state: State, pages: readonly RoutingPage[]): { status: 'done' | 'fenced' | 'stale' }[] {
  const now = state.clock.now();
  return pages.map((page) => recordPage(state, page, now));
}
