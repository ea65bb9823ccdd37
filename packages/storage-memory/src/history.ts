import type { EventFilter, EventRecord, HistoryPage, HistoryStore, PageRequest } from '@patchbay/core/adapter';
import { copyAttempt, dispatchRecord, eventRecord, runRecord } from './ledger/copies.ts';
import type { DispatchEntry, RootEntry, RunEntry } from './ledger/entries.ts';
import { findDispatch, findRoot, findRun } from './ledger/find.ts';
import { malformed } from './malformed.ts';
import type { State } from './state.ts';

/** Roots of the tenant, or the one that is asked for. */
function rootsOf(state: State, tenant: string, root: string | undefined): readonly RootEntry[] {
  if (root === undefined) return [...(state.tenants.get(tenant)?.values() ?? [])];
  const found = findRoot(state, { tenant, root });
  return found === undefined ? [] : [found];
}

/** A place in history: newest root first, and within it newest first. */
interface Place {
  readonly root: number;
  readonly order: number;
}

interface Placed<Entry> extends Place {
  readonly entry: Entry;
}

const oldestFirst = (left: Place, right: Place): number => left.root - right.root || left.order - right.order;

const newestFirst = (left: Place, right: Place): number => oldestFirst(right, left);

function parseCursor(cursor: string): Place {
  const [, root, order] = /^(\d+)\.(\d+)$/.exec(cursor) ?? [];
  if (root === undefined || order === undefined)
    throw malformed('The cursor of a history page is not one of this storage. Pass back the one of the last page.');
  return { root: Number(root), order: Number(order) };
}

function pageOf<Entry, Item>(found: Placed<Entry>[], page: PageRequest, copy: (entry: Entry) => Item): HistoryPage<Item> {
  const after = page.cursor === null ? null : parseCursor(page.cursor);
  const compare = page.order === 'oldest' ? oldestFirst : newestFirst;
  const rest = found.filter((place) => after === null || compare(after, place) < 0).sort(compare);
  const items = rest.slice(0, page.limit);
  const last = items.at(-1);
  return {
    items: items.map(({ entry }) => copy(entry)),
    cursor: rest.length > items.length && last !== undefined ? `${last.root}.${last.order}` : null,
  };
}

const runsOf = (root: RootEntry): Placed<RunEntry>[] =>
  root.runs.elements.map((entry) => ({ root: root.order, order: entry.order, entry }));

const dispatchesOf = (root: RootEntry): Placed<DispatchEntry>[] =>
  root.dispatches.elements.map((entry) => ({ root: root.order, order: entry.order, entry }));

/** True where the filter says nothing or the same. */
const fits = <Value>(wanted: Value | undefined, found: Value): boolean => wanted === undefined || wanted === found;

/** True where the bound says nothing or the value keeps to it. */
const within = <Value extends string | number>(value: Value, from: Value | undefined, before: Value | undefined): boolean =>
  (from === undefined || value >= from) && (before === undefined || value < before);

const fitsEvent = ({ type, typePrefix = '', ...bounds }: EventFilter, event: EventRecord): boolean =>
  fits(type, event.type) &&
  event.type.startsWith(typePrefix) &&
  within(event.id, bounds.from, bounds.below) &&
  within(event.storedAt, bounds.storedFrom, bounds.storedBefore);

function lastReplay(root: RootEntry | undefined, target: string): number {
  const runs = (root?.runs.elements ?? []).filter(({ key }) => `automation:${key.automation}` === target);
  const dispatches = (root?.dispatches.elements ?? []).filter(({ key }) => key.target === target);
  return Math.max(-1, ...[...runs, ...dispatches].map(({ key }) => key.replay));
}

/** Reads over the state. A page walks over everything that the tenant has; the storage keeps no index for it. */
export function memoryHistory(state: State): HistoryStore {
  return {
    async event(tenant, id) {
      const event = findRoot(state, { tenant, root: id })?.event ?? null;
      return event === null ? null : eventRecord(event);
    },
    async events(tenant, filter, page) {
      const found = rootsOf(state, tenant, undefined).flatMap(({ event, order }) =>
        event !== null && fitsEvent(filter, event) ? [{ root: order, order: 0, entry: event }] : [],
      );
      return pageOf(found, page, eventRecord);
    },
    unrouted: async (tenant, roots) => roots.filter((root) => findRoot(state, { tenant, root })?.mark?.ended === false),
    async run(key) {
      const root = findRoot(state, key);
      const run = root === undefined ? undefined : findRun(root, key);
      return run === undefined ? null : runRecord(run);
    },
    async runs(tenant, filter, page) {
      const found = rootsOf(state, tenant, filter.root).flatMap(runsOf);
      const fitting = found.filter(({ entry }) => fits(filter.automation, entry.key.automation) && fits(filter.status, entry.status));
      return pageOf(fitting, page, runRecord);
    },
    async dispatch(key) {
      const entry = findDispatch(state, key);
      return entry === undefined ? null : dispatchRecord(entry);
    },
    async dispatches(tenant, filter, page) {
      const found = rootsOf(state, tenant, filter.root).flatMap(dispatchesOf);
      const fitting = found.filter(
        ({ entry: { key, status, operation } }) =>
          fits(filter.target, key.target) &&
          fits(filter.replay, key.replay) &&
          fits(filter.status, status) &&
          fits(filter.operation, operation) &&
          within(key.root, filter.from, filter.below),
      );
      return pageOf(fitting, page, dispatchRecord);
    },
    attempts: async (key) => (findDispatch(state, key)?.history ?? []).map(copyAttempt),
    lastReplay: async (tenant, root, target) => lastReplay(findRoot(state, { tenant, root }), target),
  };
}
