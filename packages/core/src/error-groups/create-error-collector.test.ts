import { beforeEach, describe, expect, it } from 'vitest';
import type { CounterDelta } from '../contracts/control-stores.ts';
import type { StateEntry, StateWrite } from '../contracts/state-store.ts';
import type { Json } from '../json/json.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createErrorCollector } from './create-error-collector.ts';
import { type ErrorPlace, readGroup } from './error-group.ts';
import { retireGroups } from './retire-groups.ts';

const place = (message: string, tenant = 'acme'): ErrorPlace => ({
  tenant,
  connector: 'github',
  source: 'dispatch',
  operation: 'create_issue',
  template: null,
  error: { code: 'provider_rejected', message },
  example: { dispatchId: message, runId: null, connection: null },
});

/** States with compare-and-set, and counts, as a store keeps them. */
function makeStore() {
  const entries = new Map<string, StateEntry>();
  const counted = new Map<string, number>();
  const calls = { writes: 0, reads: 0 };
  const keyOf = (tenant: string, name: string): string => `${tenant} ${name}`;
  const writeOne = ({ tenant, name, expect: expected, value }: StateWrite) => {
    const known = entries.get(keyOf(tenant, name));
    if ((known?.version ?? 0) !== expected) return { status: 'conflict' as const };
    if (value === null) entries.delete(keyOf(tenant, name));
    else entries.set(keyOf(tenant, name), { name, value, version: (known?.version ?? 0) + 1, updatedAt: 0 });
    return { status: 'written' as const };
  };
  const states = {
    async write(items: readonly StateWrite[]) {
      calls.writes += 1;
      return items.map(writeOne);
    },
    async read(tenant: string, name: string) {
      calls.reads += 1;
      return entries.get(keyOf(tenant, name)) ?? null;
    },
    list: async (tenant: string) => ({
      entries: [...entries].flatMap(([key, entry]) => (key.startsWith(`${tenant} `) ? [entry] : [])),
      cursor: null,
    }),
  };
  const counters = {
    async add({ deltas }: { readonly deltas: readonly CounterDelta[] }) {
      for (const { tenant, by } of deltas) counted.set(tenant, (counted.get(tenant) ?? 0) + by);
    },
  };
  const values = (): readonly Json[] => [...entries.values()].map(({ value }) => value);
  return { states, counters, counted, calls, groups: () => values().map(readGroup) };
}

describe('errors that are alike', () => {
  let store: ReturnType<typeof makeStore>;
  let clock: ReturnType<typeof createManualClock>;
  const collector = () => {
    let ids = 0;
    return createErrorCollector({ ...store, clock, generateId: () => `batch-${++ids}`, logger: silentLogger });
  };
  beforeEach(() => {
    store = makeStore();
    clock = createManualClock();
  });

  it('are counted together, with when they were first and last seen and one of them, once a second', async () => {
    const errors = collector();
    const began = clock.now();
    errors.add(place('Issue 1 is locked.'));
    clock.advance(500);
    errors.add(place('Issue 2 is locked.'));
    expect(store.calls.writes).toBe(0);
    clock.advance(500);
    await errors.flush();
    expect(store.counted.get('acme')).toBe(2);
    expect(store.groups()).toMatchObject([
      { message: 'Issue # is locked.', firstSeen: began, lastSeen: began + 500, example: { dispatchId: 'Issue 2 is locked.' } },
    ]);
    clock.advance(5_000);
    errors.add(place('Issue 3 is locked.'));
    await errors.flush();
    expect(store.groups()).toMatchObject([{ firstSeen: began, lastSeen: began + 6_000 }]);
  });

  it('are one group for two processes, which keeps the earliest and the latest time', async () => {
    const [one, two] = [collector(), collector()];
    const began = clock.now();
    one.add(place('Issue 1 is locked.'));
    clock.advance(100);
    two.add(place('Issue 2 is locked.'));
    await two.flush();
    await one.flush();
    expect(store.groups()).toMatchObject([{ firstSeen: began, lastSeen: began + 100 }]);
    expect(store.counted.get('acme')).toBe(2);
  });

  it('are told apart by their wording only up to a bound, and by what they are beyond it', async () => {
    const errors = collector();
    const worded = (index: number): string =>
      `It is ${'abcdefghij'[index % 10]}${'abcdefghij'[Math.floor(index / 10) % 10]}${'abcdefghij'[Math.floor(index / 100)]}.`;
    for (let index = 0; index < 300; index += 1) errors.add(place(worded(index)));
    errors.add(place('It is fine.', 'other'));
    await errors.flush();
    expect(store.groups()).toHaveLength(202);
    expect(store.groups().filter((group) => group?.message === null)).toHaveLength(1);
    expect(store.counted.get('acme')).toBe(300);
  });

  it('go when they have not come up for long', async () => {
    const errors = collector();
    errors.add(place('Issue 1 is locked.'));
    clock.advance(10_000);
    errors.add(place('Another.'));
    await errors.flush();
    const listTenants = async ({ after = null }: { readonly after?: string | null }) => (after === null ? ['acme'] : []);
    await retireGroups({ listTenants, states: store.states, before: clock.now() - 5_000 });
    expect(store.groups().map((group) => group?.message)).toEqual(['Another.']);
  });
});
