import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { SlotPool } from './slot-pool.ts';

function setUp(isFree: (name: string) => boolean = () => true) {
  const clock = createManualClock();
  const asked: string[] = [];
  const released: string[] = [];
  const leases = {
    async acquire({ name, ttlMs }: { readonly name: string; readonly ttlMs: number }) {
      asked.push(name);
      return isFree(name) ? { name, fence: 1, until: ttlMs } : null;
    },
    extend: async () => true,
    async release({ name }: { readonly name: string }) {
      released.push(name);
    },
  };
  const pool = new SlotPool({ leases, clock, holder: 'a', name: 'slot' });
  return { clock, pool, asked, released };
}

describe('the places of an endpoint in one process', () => {
  it('are leased once and used again', async () => {
    const { pool, asked } = setUp();
    for (let turn = 0; turn < 5; turn += 1) {
      const slot = await pool.enter({ maximumInFlight: 2 });
      if (typeof slot === 'number') throw new Error('There was no place.');
      slot.release();
    }
    expect(asked).toEqual(['slot:0']);
  });

  it('are handed on to who waits a moment, and not beyond that', async () => {
    const { clock, pool } = setUp();
    const first = await pool.enter({ maximumInFlight: 1 });
    const waiting = pool.enter({ maximumInFlight: 1 });
    expect(await pool.enter({ maximumInFlight: 1 })).toBe(250);
    expect(pool.isFull).toBe(true);
    if (typeof first === 'number') throw new Error('There was no place.');
    first.release();
    const second = await waiting;
    expect(second).toBeTypeOf('object');
    const late = pool.enter({ maximumInFlight: 1 });
    await Promise.resolve();
    clock.advance(100);
    expect(await late).toBe(250);
    // Nothing has become free for a while: nobody waits for it.
    expect(await pool.enter({ maximumInFlight: 1 })).toBe(250);
  });

  it('that another process has are asked for again after a second', async () => {
    const { clock, pool, asked } = setUp(() => false);
    expect(await pool.enter({ maximumInFlight: 2 })).toBe(250);
    expect(await pool.enter({ maximumInFlight: 2 })).toBe(250);
    expect(asked).toEqual(['slot:0', 'slot:1']);
    clock.advance(1_000);
    await pool.enter({ maximumInFlight: 2 });
    expect(asked).toHaveLength(4);
  });

  it('go back when they are not used, and all of those at the end', async () => {
    const { clock, pool, released } = setUp();
    const slots = [await pool.enter({ maximumInFlight: 3 }), await pool.enter({ maximumInFlight: 3 })];
    const [first] = slots;
    if (typeof first === 'object') first.release();
    expect(await pool.tidy(false)).toBe(true);
    expect(released).toEqual([]);
    clock.advance(2_000);
    await pool.tidy(false);
    expect(released).toEqual(['slot:0']);
    for (const slot of slots.slice(1)) if (typeof slot === 'object') slot.release();
    expect(await pool.tidy(true)).toBe(false);
    expect(released).toEqual(['slot:0', 'slot:1']);
  });

  it('begin nothing while they are paused, not even for who waits', async () => {
    const { clock, pool } = setUp();
    const first = await pool.enter({ maximumInFlight: 1 });
    const waiting = pool.enter({ maximumInFlight: 1 });
    await Promise.resolve();
    pool.pause(5_000);
    expect(await waiting).toBe(5_000);
    if (typeof first === 'object') first.release();
    expect(await pool.enter({ maximumInFlight: 1 })).toBe(5_000);
    clock.advance(5_000);
    expect(await pool.enter({ maximumInFlight: 1 })).toBeTypeOf('object');
  });

  it('are leased anew before a delivery could outlast the lease', async () => {
    const { clock, pool, asked } = setUp();
    const first = await pool.enter({ maximumInFlight: 1 });
    if (typeof first === 'object') first.release();
    clock.advance(40_000);
    await pool.enter({ maximumInFlight: 1 });
    expect(asked).toEqual(['slot:0', 'slot:0']);
  });
});
