import { expect, it } from 'vitest';
import type { Gate } from '../contracts/control-stores.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createLaneGates } from './lane-gates.ts';

function open() {
  const clock = createManualClock();
  const gates: Gate[] = [];
  let reads = 0;
  let release = (): void => undefined;
  let held: Promise<void> | null = null;
  const lanes = createLaneGates({
    clock,
    gates: {
      async list() {
        reads += 1;
        const read = [...gates];
        const waits = held;
        if (waits !== null) await waits;
        return read;
      },
    },
  });
  const hold = (): void => {
    held = new Promise((resolve) => {
      release = () => {
        held = null;
        resolve();
      };
    });
  };
  return { clock, gates, lanes, hold, release: () => release(), reads: () => reads };
}

const paused = (lane: string): Gate => ({ tenant: 'acme', lane, reason: 'paused', until: null });

it('goes by what was read for a second, and reads once for all who ask meanwhile', async () => {
  const { clock, gates, lanes, reads } = open();
  expect(lanes.peek('acme')).toBeUndefined();
  await Promise.all([lanes.of('acme'), lanes.of('acme'), lanes.of('acme')]);
  gates.push(paused('connection:c1'));
  clock.advance(1_000);
  expect((await lanes.of('acme')).size).toBe(0);
  expect(reads()).toBe(1);
  clock.advance(1);
  expect(lanes.peek('acme')).toBeUndefined();
  expect((await lanes.of('acme')).get('connection:c1')).toEqual([paused('connection:c1')]);
  expect(reads()).toBe(2);
});

it('takes no look for new that began before something was changed here', async () => {
  const { gates, lanes, hold, release } = open();
  hold();
  const before = lanes.of('acme');
  gates.push(paused('connection:c1'));
  lanes.forget('acme');
  release();
  expect((await before).size).toBe(0);
  expect(lanes.peek('acme')).toBeUndefined();
  expect((await lanes.of('acme')).size).toBe(1);
});

it('looks again after a look that failed', async () => {
  let fails = true;
  const lanes = createLaneGates({
    clock: createManualClock(),
    gates: {
      async list() {
        if (fails) throw new Error('The store is away.');
        return [];
      },
    },
  });
  await expect(lanes.of('acme')).rejects.toThrow('away');
  fails = false;
  expect((await lanes.of('acme')).size).toBe(0);
});
