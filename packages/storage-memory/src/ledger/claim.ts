import type { ClaimedDispatch, ClaimRequest, DispatchKey } from '@patchbay/core/adapter';
import { gateOpensAt, isOpen } from '../gates.ts';
import type { State } from '../state.ts';
import { inOrder } from '../structures/heap.ts';
import { nextWork, takeWork } from '../work/work-index.ts';
import { claimedRecord } from './copies.ts';
import type { DispatchEntry, LaneQueue } from './entries.ts';
import { findDispatch } from './find.ts';
import { takeOver } from './take-over.ts';
import { dequeue, lease } from './transitions.ts';
import { waitsForTurn } from './turns.ts';

/** Names which lanes a claim may serve: handlers that the process has, gates that are open. */
interface Selection {
  readonly state: State;
  readonly handlers: ReadonlySet<string>;
  readonly now: number;
}

const maySelect = ({ state, handlers, now }: Selection, entry: DispatchEntry): boolean =>
  handlers.has(entry.handler) && isOpen(state.gates, entry.key.tenant, entry.lane, now);

const isReady = (entry: DispatchEntry, now: number): boolean =>
  entry.status === 'pending' && entry.crashes === 0 && entry.dueAt <= now && !waitsForTurn(entry);

const isSuspect = (entry: DispatchEntry, now: number): boolean =>
  entry.status === 'leased' ? (entry.leaseUntil ?? now) <= now : entry.status === 'pending' && entry.crashes > 0 && entry.dueAt <= now;

function readyByKey(selection: Selection, keys: readonly DispatchKey[], limit: number): DispatchEntry[] {
  const { state, now } = selection;
  const found = new Set(keys.flatMap((key) => findDispatch(state, key) ?? []));
  const taken = [...found].filter((entry) => isReady(entry, now) && maySelect(selection, entry)).slice(0, Math.max(0, limit));
  for (const entry of taken) dequeue(state, entry);
  return taken;
}

const laneName = (tenant: string, lane: string): string => `${tenant.length}:${tenant}${lane}`;

/** Replays first up to their share, then live work, then replays again while there is room. */
function readyByDue(selection: Selection, request: ClaimRequest): DispatchEntry[] {
  const { state, handlers, now } = selection;
  const leftOut = new Set((request.without ?? []).map(({ tenant, lane }) => laneName(tenant, lane)));
  const isServed = (lane: LaneQueue): boolean => handlers.has(lane.handler) && isOpen(state.gates, lane.tenant.tenant, lane.lane, now);
  const mayServe = (lane: LaneQueue): boolean => isServed(lane) && !leftOut.has(laneName(lane.tenant.tenant, lane.lane));
  const replays = takeWork(state.work.replay, { now, limit: Math.floor(request.limit * request.replayShare), mayServe });
  const live = takeWork(state.work.live, { now, limit: request.limit - replays.length, mayServe });
  const more = takeWork(state.work.replay, { now, limit: request.limit - replays.length - live.length, mayServe });
  return [...live, ...replays, ...more];
}

/** When somebody may look at a suspect: due, or its lease over. */
const suspectSince = (entry: DispatchEntry): number => (entry.status === 'leased' ? (entry.leaseUntil ?? 0) : entry.dueAt);

function firstSuspect(selection: Selection): DispatchEntry | undefined {
  const { state, now } = selection;
  const found: DispatchEntry[] = [];
  for (const heap of [state.suspects, state.leases]) {
    for (const entry of inOrder(heap)) {
      if (!isSuspect(entry, now)) break;
      if (!maySelect(selection, entry)) continue;
      found.push(entry);
      break;
    }
  }
  return found.sort((left, right) => suspectSince(left) - suspectSince(right))[0];
}

function suspectByKey(selection: Selection, keys: readonly DispatchKey[]): DispatchEntry | undefined {
  const { state, now } = selection;
  return keys.flatMap((key) => findDispatch(state, key) ?? []).find((entry) => isSuspect(entry, now) && maySelect(selection, entry));
}

function takeSuspect(selection: Selection, request: ClaimRequest): DispatchEntry[] {
  const entry = request.keys === undefined ? firstSuspect(selection) : suspectByKey(selection, request.keys);
  if (entry === undefined || request.limit < 1) return [];
  if (entry.status === 'leased') takeOver(selection.state, entry);
  else dequeue(selection.state, entry);
  return [entry];
}

/** Leases due dispatches, or one suspect. */
export function claim(state: State, request: ClaimRequest): ClaimedDispatch[] {
  const now = state.clock.now();
  const selection = { state, handlers: new Set(request.handlers), now };
  const ready = (): DispatchEntry[] =>
    request.keys === undefined ? readyByDue(selection, request) : readyByKey(selection, request.keys, request.limit);
  const taken = request.kind === 'suspect' ? takeSuspect(selection, request) : ready();
  for (const entry of taken) lease(state, entry, { holder: request.holder, ttlMs: request.ttlMs, now });
  return taken.map((entry) => claimedRecord(entry, now));
}

/** Milliseconds until something can be claimed, 0 when it can now, `null` when nothing waits. */
export function nextDue(state: State, request: { readonly handlers: readonly string[] }): number | null {
  const now = state.clock.now();
  const handlers = new Set(request.handlers);
  const opensAt = (handler: string, tenant: string, lane: string): number =>
    handlers.has(handler) ? gateOpensAt(state.gates, tenant, lane) : Number.POSITIVE_INFINITY;
  const laneOpensAt = (lane: LaneQueue): number => opensAt(lane.handler, lane.tenant.tenant, lane.lane);
  let best = Math.min(nextWork(state.work.live, now, laneOpensAt), nextWork(state.work.replay, now, laneOpensAt));
  for (const heap of [state.suspects, state.leases]) {
    for (const entry of inOrder(heap)) {
      if (best <= now || suspectSince(entry) >= best) break;
      best = Math.min(best, Math.max(suspectSince(entry), opensAt(entry.handler, entry.key.tenant, entry.lane)));
    }
  }
  return Number.isFinite(best) ? Math.max(0, best - now) : null;
}
