import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { type CountBatch, createCounts } from './create-counts.ts';

function setUp(maximumNames = 10) {
  const clock = createManualClock();
  const batches: CountBatch[] = [];
  const totals = new Map<string, number>();
  const seen = new Set<string>();
  const faults: ('before' | 'after')[] = [];
  let ids = 0;
  const send = async (batch: CountBatch): Promise<void> => {
    const fault = faults.shift();
    if (fault === 'before') throw new Error('away');
    batches.push(batch);
    if (!seen.has(batch.id)) for (const { name, by } of batch.deltas) totals.set(name, (totals.get(name) ?? 0) + by);
    seen.add(batch.id);
    if (fault === 'after') throw new Error('the answer was lost');
  };
  const overflow = { tenant: '', name: 'overflow' };
  const counts = createCounts({ send, clock, generateId: () => `batch-${++ids}`, overflow, maximumNames });
  return { clock, batches, totals, faults, counts };
}

describe('createCounts', () => {
  it('adds up in memory and sends once a second', async () => {
    const { clock, batches, totals, counts } = setUp();
    for (let times = 0; times < 3; times += 1) counts.add('acme', 'one');
    counts.add('acme', 'two');
    clock.advance(999);
    expect(batches).toEqual([]);
    clock.advance(1);
    await counts.flush();
    expect(batches).toHaveLength(1);
    expect([...totals]).toEqual([
      ['one', 3],
      ['two', 1],
    ]);
  });

  it.each(['before', 'after'] as const)('counts once what could not be sent, lost %s it was added', async (fault) => {
    const { totals, faults, counts } = setUp();
    faults.push(fault);
    counts.add('acme', 'one');
    await counts.flush();
    counts.add('acme', 'one');
    await counts.flush();
    await counts.flush();
    expect(totals.get('one')).toBe(2);
  });

  it('counts together what there is no room for', async () => {
    const { totals, counts } = setUp(2);
    for (const name of ['one', 'two', 'three', 'four', 'one']) counts.add('acme', name);
    await counts.flush();
    expect([...totals]).toEqual([
      ['one', 2],
      ['two', 1],
      ['overflow', 2],
    ]);
  });
});
