import { describe, expect, it } from 'vitest';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { type MemoryStates, memoryStates } from './__fixtures__/memory-states.ts';
import { type CheckSweepOptions, sweepChecks } from './check-sweep.ts';
import { healthName, healthPrefix, readHealth, unknownHealth, writeHealth } from './health-state.ts';

const clock = createManualClock();

const row = (id: string, status: 'active' | 'error' | 'token_invalid' = 'active', connector = 'github'): Row<'connection'> => ({
  ...{ id, name: id, version: 1, updatedAt: 0 },
  value: {
    ...{ connector, name: id, status, owner: null, externalAccountId: null, externalAccountName: null },
    ...{ settings: {}, metadata: {}, secretVersion: 1, connectedAt: 0 },
  },
});

/** A store of tenants with these connections, all of which are due. */
async function due(tenants: Readonly<Record<string, readonly Row<'connection'>[]>>) {
  const states: MemoryStates = memoryStates();
  for (const [tenant, rows] of Object.entries(tenants)) {
    const value = writeHealth({ ...unknownHealth, next: { at: clock.now(), isPutOff: false } }, 'before');
    await states.write(rows.map(({ id }) => ({ tenant, name: healthName(id), expect: 'any', value })));
  }
  const looked: string[] = [];
  let under = 0;
  let most = 0;
  const abort = new AbortController();
  let ids = 0;
  const configuration = {
    list: async (tenant: string) => ({ rows: tenants[tenant] ?? [], cursor: null }),
  } as Partial<ConfigurationStore> as ConfigurationStore;
  const options: CheckSweepOptions = {
    storage: {
      configuration,
      states,
      gates: { list: async () => [] },
      listTenants: async ({ after, limit }) =>
        Object.keys(tenants)
          .filter((tenant) => after === null || tenant > after)
          .slice(0, limit),
    },
    ...{ clock, random: () => 0.5, generateId: () => `id-${++ids}`, logger: silentLogger },
    ...{ checkEveryMs: 900_000, concurrency: 3, mostChecks: 1_000, forMs: 60_000, signal: abort.signal },
    knows: (connector) => connector === 'github',
    async look(tenant, { id }) {
      looked.push(`${tenant}/${id}`);
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
    },
  };
  return { options, looked, states, abort, most: () => most };
}

const many = (count: number): readonly Row<'connection'>[] => Array.from({ length: count }, (_, index) => row(`c${index}`));

describe('a sweep', () => {
  it('looks at each connection that is due once, however many sweep at the same moment', async () => {
    const { options, looked } = await due({ acme: many(20), beta: [row('b')] });
    const swept = await Promise.all([sweepChecks(options, null), sweepChecks(options, null), sweepChecks(options, null)]);
    expect(looked.toSorted()).toEqual([...many(20).map(({ id }) => `acme/${id}`), 'beta/b'].toSorted());
    expect(swept.reduce((sum, { looked: count }) => sum + count, 0)).toBe(21);
  });

  it('looks at so many at once, also where each tenant has one', async () => {
    const stage = await due(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`t${String(index).padStart(2, '0')}`, [row(`c${index}`)]])),
    );
    expect(await sweepChecks(stage.options, null)).toEqual({ looked: 30, cursor: null });
    expect(stage.most()).toBe(3);
  });

  it('leaves connections alone that cannot be used, and those of connectors that this process does not have', async () => {
    const { options, looked } = await due({ acme: [row('a'), row('e', 'error'), row('i', 'token_invalid'), row('s', 'active', 'slack')] });
    await sweepChecks(options, null);
    expect(looked).toEqual(['acme/a', 'acme/e']);
  });

  it('ends after so many looks and goes on behind the tenants that it has done', async () => {
    const tenants = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`t${String(index).padStart(2, '0')}`, many(1)]));
    const { options, looked } = await due(tenants);
    const first = await sweepChecks({ ...options, mostChecks: 10 }, null);
    expect(first).toEqual({ looked: 50, cursor: 't49' });
    expect(await sweepChecks({ ...options, mostChecks: 10 }, first.cursor)).toEqual({ looked: 10, cursor: null });
    expect(new Set(looked).size).toBe(60);
  });

  it('looks at no more once its process is to end', async () => {
    const stage = await due({ acme: many(20) });
    const look = stage.options.look;
    await sweepChecks(
      {
        ...stage.options,
        async look(tenant, connection) {
          stage.abort.abort();
          await look(tenant, connection);
        },
      },
      null,
    );
    expect(stage.looked.length).toBeLessThanOrEqual(3);
  });

  it('looks at the others first, and ends in time, where the services of one tenant hang', async () => {
    const stage = await due({ acme: many(500), beta: many(3), gamma: many(3) });
    const hung: { readonly release: () => void }[] = [];
    const look = async (tenant: string, connection: Row<'connection'>) => {
      await stage.options.look(tenant, connection);
      if (tenant !== 'acme') return;
      const { promise, resolve } = Promise.withResolvers<void>();
      hung.push({ release: resolve });
      await promise;
    };
    const sweeping = sweepChecks({ ...stage.options, concurrency: 8, look, forMs: 60_000 }, null);
    const turns = async () => {
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    await turns();
    expect(stage.looked.filter((each) => !each.startsWith('acme'))).toHaveLength(6);
    for (let round = 0; round < 10; round += 1) {
      clock.advance(10_000);
      for (const { release } of hung.splice(0)) release();
      await turns();
    }
    const { looked } = await sweeping;
    expect(looked).toBeLessThan(100);
    // What was not begun is due still.
    const entries = (await stage.states.list('acme', healthPrefix, { cursor: null, limit: 1_000 })).entries;
    const left = entries.filter(({ value }) => (readHealth(value).next?.at ?? 0) <= clock.now());
    expect(left.length).toBeGreaterThanOrEqual(500 - looked - 32);
  });
});
