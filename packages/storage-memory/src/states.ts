import type { StateEntry, StateStore, StateVerdict, StateWrite } from '@patchbay/core/adapter';
import { compareBytes } from './compare-bytes.ts';
import { malformed } from './malformed.ts';

type Entries = Map<string, StateEntry>;

/** Values by tenant and name. */
export type TenantStates = Map<string, Entries>;

/** The entry after a write, `null` for none; `undefined` where the write does not fit what is there. */
function after(entry: StateEntry | undefined, { name, expect, value }: StateWrite, now: number): StateEntry | null | undefined {
  const version = entry?.version ?? 0;
  const isDone = value === null ? entry === undefined : isSame(entry, expect, value);
  if (isDone && expect !== 'any') return entry ?? null;
  if (expect !== 'any' && version !== (expect === 'absent' ? 0 : expect)) return undefined;
  return value === null ? null : { name, version: version + 1, value: structuredClone(value), updatedAt: now };
}

/** True where the write has been made already. */
function isSame(entry: StateEntry | undefined, expect: StateWrite['expect'], value: StateWrite['value']): boolean {
  const written = expect === 'absent' ? 1 : expect === 'any' ? undefined : expect + 1;
  return entry !== undefined && entry.version === written && JSON.stringify(entry.value) === JSON.stringify(value);
}

function checkNames(items: readonly StateWrite[]): void {
  const names = new Set(items.map(({ tenant, name }) => `${tenant.length}:${tenant}${name}`));
  if (names.size !== items.length) throw malformed('One call writes a state twice. Write each name once.');
}

/** True where the write fits what is there, or has been made already. */
export function fitsState(tenants: TenantStates, item: StateWrite): boolean {
  return after(tenants.get(item.tenant)?.get(item.name), item, 0) !== undefined;
}

/** Writes one value, where it fits what is there. */
export function writeState(tenants: TenantStates, item: StateWrite, now: number): StateVerdict {
  const entries = tenants.get(item.tenant) ?? new Map<string, StateEntry>();
  tenants.set(item.tenant, entries);
  const found = entries.get(item.name);
  const entry = after(found, item, now);
  if (entry === undefined) return { status: 'conflict', entry: structuredClone(found ?? null) };
  if (entry === null) entries.delete(item.name);
  else entries.set(item.name, entry);
  return { status: 'written' };
}

/** Values by tenant and name. */
export function memoryStates(tenants: TenantStates, now: () => number): StateStore {
  return {
    async write(items) {
      checkNames(items);
      return items.map((item) => writeState(tenants, item, now()));
    },
    read: async (tenant, name) => structuredClone(tenants.get(tenant)?.get(name) ?? null),
    async list(tenant, prefix, { cursor, limit }) {
      const named = [...(tenants.get(tenant)?.values() ?? [])].filter(({ name }) => name.startsWith(prefix));
      const rest = named
        .filter(({ name }) => cursor === null || compareBytes(name, cursor) > 0)
        .sort((left, right) => compareBytes(left.name, right.name));
      const entries = rest.slice(0, limit);
      return { entries: structuredClone(entries), cursor: rest.length > limit ? (entries.at(-1)?.name ?? null) : null };
    },
  };
}
