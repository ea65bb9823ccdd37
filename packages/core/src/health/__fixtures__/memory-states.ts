import type { StateEntry, StateStore, StateWrite } from '../../contracts/state-store.ts';
import { canonicalJson } from '../../json/canonical-json.ts';

/** States in memory with the verdicts of a storage, and how often they were written. */
export interface MemoryStates extends StateStore {
  readonly writes: StateWrite[][];
}

/** Makes an empty one. */
export function memoryStates(): MemoryStates {
  const entries = new Map<string, StateEntry>();
  const keyOf = (tenant: string, name: string): string => `${tenant}/${name}`;
  const writes: StateWrite[][] = [];
  return {
    writes,
    async write(items) {
      writes.push([...items]);
      return items.map(({ tenant, name, expect, value }) => {
        const key = keyOf(tenant, name);
        const version = entries.get(key)?.version ?? 0;
        const expected = expect === 'absent' || expect === 'any' ? 0 : expect;
        const isRepeat = expect !== 'any' && expected + 1 === version && canonicalJson(entries.get(key)?.value) === canonicalJson(value);
        if (isRepeat) return { status: 'written' };
        if (expect !== 'any' && expected !== version) return { status: 'conflict' };
        if (value === null) entries.delete(key);
        else entries.set(key, { name, version: version + 1, value: structuredClone(value), updatedAt: 0 });
        return { status: 'written' };
      });
    },
    read: async (tenant, name) => entries.get(keyOf(tenant, name)) ?? null,
    async list(tenant, prefix) {
      return { entries: [...entries].flatMap(([key, entry]) => (key.startsWith(keyOf(tenant, prefix)) ? [entry] : [])), cursor: null };
    },
  };
}
