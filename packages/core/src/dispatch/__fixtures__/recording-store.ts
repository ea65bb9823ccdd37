import type { DeferItem, Held } from '../../contracts/held.ts';
import type { SettleItem } from '../../contracts/hot-store.ts';
import type { DispatchStore } from '../dispatcher-options.ts';

/** A store that says yes to everything, does nothing, and remembers what it was told. */
export interface RecordingStore extends DispatchStore {
  readonly settled: SettleItem[];
  readonly deferred: DeferItem[];
  readonly begun: Held[];
  readonly closed: { readonly lane: string; readonly forMs: number | null }[];
}

/** Makes one; single methods can be replaced. */
export function recordingStore(changes: Partial<DispatchStore> = {}): RecordingStore {
  const store: RecordingStore = {
    settled: [],
    deferred: [],
    begun: [],
    closed: [],
    claim: async () => [],
    begin: async (items) => {
      store.begun.push(...items);
      return items.map(() => ({ status: 'done' }));
    },
    settle: async (items) => {
      store.settled.push(...items);
      return items.map(() => ({ status: 'settled', leased: [] }));
    },
    defer: async (items) => {
      store.deferred.push(...items);
      return items.map(() => ({ status: 'done' }));
    },
    extend: async () => [],
    nextDue: async () => null,
    gates: {
      close: async (gates) => {
        store.closed.push(...gates);
      },
    },
    history: { run: async () => null },
    ...changes,
  };
  return store;
}
