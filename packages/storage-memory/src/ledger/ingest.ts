import type { IngestItem, IngestVerdict, Plan, Revision } from '@patchbay/core/adapter';
import { revisionOf } from '../configuration/configuration-state.ts';
import { rememberKey, seenKey } from '../dedupe.ts';
import { malformed } from '../malformed.ts';
import { retainRoot } from '../retention.ts';
import type { State } from '../state.ts';
import { fitsState, writeState } from '../states.ts';
import { push } from '../structures/heap.ts';
import { createKeyedList } from '../structures/keyed-list.ts';
import { type Birth, birthOf, stillBorn, storePrepared } from './birth.ts';
import type { MarkEntry, RootEntry } from './entries.ts';
import { findRoot } from './find.ts';
import { keepEvent } from './keep-event.ts';
import { passTurns } from './pass-turns.ts';
import { prepare } from './prepare.ts';

const nothing: Pick<Plan, 'runs' | 'dispatches' | 'considered'> = { runs: [], dispatches: [], considered: [] };

const birthOfItem = ({ lease, dedupe }: IngestItem): Birth | null => birthOf(lease, dedupe === null ? 'ingest' : `ingest:${dedupe.key}`);

/** The verdict where the item's guard has been seen, else undefined. */
function seenVerdict(state: State, item: IngestItem, now: number): IngestVerdict | undefined {
  const root = findRoot(state, item);
  const again = (): IngestVerdict => ({
    status: 'created',
    leased: root === undefined ? [] : stillBorn(root, item.plan?.dispatches ?? [], birthOfItem(item), now),
  });
  if (item.dedupe === null) return root !== undefined ? again() : undefined;
  const seen = seenKey(state.dedupe, item.tenant, item.dedupe.key, now);
  if (seen === undefined) return undefined;
  if (seen.root === item.root) return again();
  const differs = seen.hash !== null && item.dedupe.hash !== null && seen.hash !== item.dedupe.hash;
  return { status: differs ? 'conflict' : 'duplicate', root: seen.root };
}

/** True when both revisions are the same. */
export const sameRevision = (left: Revision, right: Revision): boolean => left.hub === right.hub && left.tenant === right.tenant;

function newRoot(state: State, item: IngestItem): RootEntry {
  const { tenant, root: id } = item;
  const order = ++state.order;
  return {
    tenant,
    id,
    order,
    event: null,
    mark: null,
    runs: createKeyedList(),
    dispatches: createKeyedList(),
    open: 0,
    counted: 0,
    previous: null,
    next: null,
    listed: false,
  };
}

function addRoot(state: State, root: RootEntry): void {
  const roots = state.tenants.get(root.tenant);
  if (roots === undefined) state.tenants.set(root.tenant, new Map([[root.id, root]]));
  else roots.set(root.id, root);
}

function markRoot(state: State, root: MarkEntry['root'], inOrder: boolean): void {
  const mark: MarkEntry = { root, inOrder, fence: 0, leaseUntil: null, routed: 0, lastPage: null, ended: false, heapIndex: -1 };
  root.mark = mark;
  root.open += 1;
  const before = inOrder ? state.orderedMarks.get(root.tenant) : undefined;
  if (before !== undefined) {
    before.add(mark);
    return;
  }
  if (inOrder) state.orderedMarks.set(root.tenant, new Set([mark]));
  push(state.waitingMarks, mark);
}

function storeEvent(state: State, root: RootEntry, item: IngestItem, now: number): void {
  if (item.event === null || root.event !== null) return;
  const considered = (item.plan ?? nothing).considered.map((one) => ({ ...one }));
  const event = keepEvent(state.bytes, item.event, considered, now);
  if (item.plan === null) markRoot(state, Object.assign(root, { event }), item.inOrder ?? false);
  else root.event = event;
}

/** Stores one item, and the state that goes with it where the item is there afterwards. */
function ingestItem(state: State, item: IngestItem, now: number): IngestVerdict {
  const { tenant } = item;
  if (item.state === undefined) return ingestAlone(state, item, now);
  if (!fitsState(state.states, { ...item.state, tenant })) return { status: 'stale' };
  const verdict = ingestAlone(state, item, now);
  if (verdict.status === 'created' || verdict.status === 'duplicate') writeState(state.states, { ...item.state, tenant }, now);
  return verdict;
}

function ingestAlone(state: State, item: IngestItem, now: number): IngestVerdict {
  const seen = seenVerdict(state, item, now);
  if (seen !== undefined) return seen;
  if (item.plan === null && item.event === null) throw malformed('An item has neither an event nor a plan. Give it one of them.');
  if (item.event !== null && (item.event.id !== item.root || item.event.tenant !== item.tenant)) {
    throw malformed('The event of an item has another id or tenant than the item. Use the event as the root.');
  }
  const revision = revisionOf(state.configuration, item.tenant);
  const under = item.plan === null ? item.admittedAt : item.plan.revision;
  if (under !== undefined && !sameRevision(under, revision)) return { status: 'moved', revision };
  const root = findRoot(state, item) ?? newRoot(state, item);
  const prepared = prepare(state, root, item.plan ?? nothing, now);
  storeEvent(state, root, item, now);
  addRoot(state, root);
  if (item.dedupe !== null)
    rememberKey(state.dedupe, item.tenant, item.dedupe.key, { root: item.root, hash: item.dedupe.hash, seenAt: now });
  const leased = storePrepared(state, root, prepared, birthOfItem(item), now);
  retainRoot(state, root);
  passTurns(state);
  return { status: 'created', leased };
}

/** Takes items in, in the order given: one thread needs no order of keys. */
export function ingest(state: State, items: readonly IngestItem[]): IngestVerdict[] {
  const now = state.clock.now();
  return items.map((item) => ingestItem(state, item, now));
}
