import { describe, expect, it } from 'vitest';
import type { CounterStore } from '../../contracts/control-stores.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { createDeliveryCounts } from './count-deliveries.ts';

type Batch = Parameters<CounterStore['add']>[0];

function setUp() {
  const clock = createManualClock();
  const batches: Batch[] = [];
  const totals = new Map<string, number>();
  const seen = new Set<string>();
  const faults: ('before' | 'after')[] = [];
  let ids = 0;
  const store = {
    async add(batch: Batch): Promise<void> {
      const fault = faults.shift();
      if (fault === 'before') throw new Error('away');
      batches.push(batch);
      if (!seen.has(batch.id))
        for (const { tenant, name, by } of batch.deltas) {
          totals.set(`${tenant}/${name}`, (totals.get(`${tenant}/${name}`) ?? 0) + by);
        }
      seen.add(batch.id);
      if (fault === 'after') throw new Error('the answer was lost');
    },
  };
  const counts = createDeliveryCounts({ store, states: { write: async () => [] }, clock, generateId: () => `batch-${++ids}` });
  return { clock, batches, totals, faults, counts };
}

const place = { tenant: 'acme', registration: 'r1' };

describe('createDeliveryCounts', () => {
  it('adds up and writes once a second', async () => {
    const { clock, batches, totals, counts } = setUp();
    for (let times = 0; times < 3; times += 1) counts.count('received', place);
    counts.count('refused', { tenant: '', registration: 'github' });
    clock.advance(999);
    expect(batches).toEqual([]);
    clock.advance(1);
    await counts.flush();
    expect(batches).toHaveLength(1);
    expect([...totals]).toEqual([
      ['acme/webhook:r1:received', 3],
      ['/webhook:github:refused', 1],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('counts together what there is no room for, however many names there are', async () => {
    const { totals, batches, counts } = setUp();
    for (let number = 0; number < 5_000; number += 1) counts.count('received', { tenant: 'acme', registration: `r${number}` });
    counts.count('received', { tenant: 'acme', registration: 'r0' });
    await counts.flush();
    expect(batches[0]?.deltas).toHaveLength(4_001);
    expect(totals.get('/webhook:overflow')).toBe(1_000);
    expect(totals.get('acme/webhook:r0:received')).toBe(2);
  });

  it.each(['before', 'after'] as const)('loses and doubles nothing where the store fails %s it has written', async (when) => {
    const { totals, faults, counts } = setUp();
    faults.push(when, when);
    counts.count('received', place);
    await counts.flush();
    counts.count('received', place);
    await counts.flush();
    counts.count('received', place);
    await counts.flush();
    expect(totals.get('acme/webhook:r1:received')).toBe(3);
  });

  it('writes nothing where nothing was counted, and keeps no timer after a flush', async () => {
    const { clock, batches, faults, counts } = setUp();
    await counts.flush();
    faults.push('before');
    counts.count('received', place);
    await counts.flush();
    expect(batches).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('writes what comes in while a write is under way with the next', async () => {
    const { totals, counts } = setUp();
    counts.count('received', place);
    const first = counts.flush();
    counts.count('received', place);
    await Promise.all([first, counts.flush()]);
    expect(totals.get('acme/webhook:r1:received')).toBe(2);
  });
});
