import type { AuditEntry, ChainPoint, ListedRecord } from '@patchbay/core/adapter';

/** A record with its place, once it has one. */
export interface AuditRow {
  readonly record: Omit<ListedRecord, 'seq' | 'hash'>;
  place: ChainPoint | null;
}

/** What a tenant's people and programs have done. */
export interface AuditTrail {
  readonly rows: Map<string, AuditRow>;
  readonly unsealed: Set<AuditRow>;
  /** From the one behind the base. */
  sealed: AuditRow[];
  head: ChainPoint;
  base: ChainPoint;
}

/** Everything recorded, by tenant. */
export type AuditState = Map<string, AuditTrail>;

/** The point before the first record. */
export const chainStart: ChainPoint = { seq: 0, hash: '' };

/** The trail of a tenant, made where it has none. */
function trailOf(state: AuditState, tenant: string): AuditTrail {
  const found = state.get(tenant);
  if (found !== undefined) return found;
  const made: AuditTrail = { rows: new Map(), unsealed: new Set(), sealed: [], head: chainStart, base: chainStart };
  state.set(tenant, made);
  return made;
}

/** Records acts; one that is there stays as it is. */
export function record(state: AuditState, tenant: string, entries: readonly AuditEntry[], at: number): void {
  for (const entry of entries) {
    const trail = trailOf(state, tenant);
    if (trail.rows.has(entry.id)) continue;
    const row: AuditRow = { record: { ...structuredClone(entry), tenant, at }, place: null };
    trail.rows.set(entry.id, row);
    trail.unsealed.add(row);
  }
}
