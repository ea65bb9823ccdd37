import type {
  AuditFilter,
  AuditRecord,
  AuditStore,
  ChainPoint,
  ExpiredRequest,
  HistoryPage,
  ListedRecord,
  PageRequest,
  PruneRequest,
  SealItem,
  UnsealedRecords,
} from '@patchbay/core/adapter';
import { malformed } from '../malformed.ts';
import { type AuditRow, type AuditState, type AuditTrail, chainStart, record } from './audit-state.ts';

/** Most records behind the base that one pruning takes away; the contract's number. */
const mostPruned = 5_000;

const isSame = (left: ChainPoint, right: ChainPoint): boolean => left.seq === right.seq && left.hash === right.hash;

/** By time, and by id within it. */
const oldestFirst = (left: AuditRow, right: AuditRow): number =>
  left.record.at - right.record.at || (left.record.id < right.record.id ? -1 : 1);

const copy = ({ record: found }: AuditRow): AuditRecord => structuredClone(found);

function unsealed(state: AuditState, limit: number): readonly UnsealedRecords[] {
  const found: UnsealedRecords[] = [];
  let left = limit;
  for (const [tenant, trail] of state) {
    const rows = [...trail.unsealed].sort(oldestFirst).slice(0, left);
    if (rows.length > 0) found.push({ tenant, head: { ...trail.head }, records: rows.map(copy) });
    left -= rows.length;
    if (left <= 0) break;
  }
  return found;
}

/** True where the item was written, or had been. */
function seal(state: AuditState, { tenant, behind, records }: SealItem): boolean {
  const trail = state.get(tenant);
  const places = records.map(({ id, hash }, index) => ({ row: trail?.rows.get(id), place: { seq: behind.seq + 1 + index, hash } }));
  if (places.every(({ row, place }) => row?.place != null && isSame(row.place, place))) return true;
  if (trail === undefined || !isSame(trail.head, behind)) return false;
  const rows = new Set(places.flatMap(({ row }) => (row?.place === null ? [row] : [])));
  if (rows.size < records.length) return false;
  for (const { row, place } of places) {
    if (row === undefined) continue;
    row.place = place;
    trail.unsealed.delete(row);
    trail.sealed.push(row);
    trail.head = place;
  }
  return true;
}

const fits = <Value>(wanted: Value | undefined, found: Value): boolean => wanted === undefined || wanted === found;

const passes = ({ record: found }: AuditRow, filter: AuditFilter): boolean =>
  fits(filter.action, found.action) &&
  fits(filter.actorKind, found.actor.kind) &&
  fits(filter.actorId, found.actor.id) &&
  fits(filter.objectType, found.object.type) &&
  fits(filter.objectId, found.object.id) &&
  fits(filter.connection, found.connection) &&
  found.at >= (filter.from ?? 0) &&
  found.at < (filter.before ?? Number.POSITIVE_INFINITY);

/** The place behind which a page begins, in the form of a row. */
function parseCursor(cursor: string): { readonly at: number; readonly id: string } {
  const [, at, id] = /^(\d+)\.(.+)$/s.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw malformed('The cursor of an audit page is not one of this storage. Pass back the one of the last page.');
  return { at: Number(at), id };
}

function page(trail: AuditTrail | undefined, filter: AuditFilter, request: PageRequest): HistoryPage<ListedRecord> {
  const sign = request.order === 'oldest' ? 1 : -1;
  const after = request.cursor === null ? null : parseCursor(request.cursor);
  const isBehind = ({ record: { at, id } }: AuditRow): boolean =>
    after === null || sign * (at - after.at || (id === after.id ? 0 : id < after.id ? -1 : 1)) > 0;
  const rest = [...(trail?.rows.values() ?? [])].filter((row) => passes(row, filter) && isBehind(row));
  rest.sort((left, right) => sign * oldestFirst(left, right));
  const shown = rest.slice(0, request.limit);
  const last = shown.at(-1)?.record;
  return {
    items: shown.map((row) => ({ ...copy(row), seq: row.place?.seq ?? null, hash: row.place?.hash ?? null })),
    cursor: rest.length > shown.length && last !== undefined ? `${last.at}.${last.id}` : null,
  };
}

/** The last of the records from the base on that are all older. */
function expiredOf({ sealed }: AuditTrail, before: number): ChainPoint | null {
  let last: ChainPoint | null = null;
  for (const { record: found, place } of sealed.slice(0, mostPruned)) {
    if (found.at >= before) break;
    last = place;
  }
  return last;
}

function expired(state: AuditState, { before, limit, tenant: only, after }: ExpiredRequest): readonly ({ tenant: string } & ChainPoint)[] {
  const asked = [...state.keys()].filter((tenant) => (only === undefined || tenant === only) && (after === undefined || tenant > after));
  const found = asked.sort().flatMap((tenant) => {
    const trail = state.get(tenant);
    const last = trail === undefined ? null : expiredOf(trail, before);
    return last === null ? [] : [{ tenant, ...last }];
  });
  return found.slice(0, limit);
}

/** True where the chain begins behind the point now. */
function prune(state: AuditState, tenant: string, { through, entry }: PruneRequest, now: number): boolean {
  const trail = state.get(tenant);
  if (trail === undefined || trail.head.seq === 0) return false;
  if (trail.base.seq >= through.seq) return true;
  const index = through.seq - trail.base.seq - 1;
  const last = trail.sealed[index];
  if (last?.place == null || !isSame(last.place, through)) return false;
  for (const row of trail.sealed.slice(0, index + 1)) trail.rows.delete(row.record.id);
  trail.sealed = trail.sealed.slice(index + 1);
  trail.base = { ...through };
  record(state, tenant, [entry], now);
  return true;
}

/** Who did what, over the state. */
export function memoryAudit(state: AuditState, now: () => number): AuditStore {
  return {
    append: async (tenant, entries) => record(state, tenant, entries, now()),
    unsealed: async ({ limit }) => unsealed(state, limit),
    seal: async (items) => items.map((item) => ({ status: seal(state, item) ? 'sealed' : 'moved' })),
    async state(tenant) {
      const trail = state.get(tenant);
      const { head, base } = trail ?? { head: chainStart, base: chainStart };
      return { head: { ...head }, base: { ...base }, unsealed: trail?.unsealed.size ?? 0 };
    },
    page: async (tenant, filter, request) => page(state.get(tenant), filter, request),
    async chain(tenant, { after, limit }) {
      const { sealed, base } = state.get(tenant) ?? { sealed: [], base: chainStart };
      const from = Math.max(0, after - base.seq);
      return sealed.slice(from, from + limit).flatMap((row) => (row.place === null ? [] : [{ ...copy(row), ...row.place }]));
    },
    expired: async (request) => expired(state, request),
    prune: async (tenant, request) => ({ status: prune(state, tenant, request, now()) ? 'pruned' : 'kept' }),
  };
}
