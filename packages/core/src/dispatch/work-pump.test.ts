import { describe, expect, it } from 'vitest';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { promisesSettle } from './__fixtures__/claimed-dispatch.ts';
import type { LookResult } from './claim-work.ts';
import { createWorkPump } from './work-pump.ts';

const nothing: LookResult = { started: 0, more: false };

interface Scene {
  /** What one look after the other comes to; then nothing. */
  readonly looks?: (LookResult | Error)[];
  readonly due?: () => number | null;
  readonly room?: () => boolean;
}

function setting({ looks = [], due = () => null, room = () => true }: Scene = {}) {
  const clock = createManualClock();
  const lookedAt: number[] = [];
  const pump = createWorkPump({
    clock,
    logger: silentLogger,
    pollMs: 1_000,
    hasRoom: room,
    nextDue: async () => due(),
    look: async () => {
      lookedAt.push(clock.monotonic());
      const result = looks.shift() ?? nothing;
      if (result instanceof Error) throw result;
      return result;
    },
  });
  const advance = async (milliseconds: number): Promise<void> => {
    await promisesSettle();
    for (let passed = 0; passed < milliseconds; passed += 10) {
      clock.advance(10);
      await promisesSettle();
    }
  };
  return { clock, pump, lookedAt, advance };
}

describe('a work pump', () => {
  it('looks when it starts, and then every poll interval although nobody wakes it', async () => {
    const { pump, lookedAt, advance } = setting();
    pump.start();
    await advance(3_000);
    expect(lookedAt).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it('goes on at once while the store has more', async () => {
    const { pump, lookedAt } = setting({
      looks: [
        { started: 4, more: true },
        { started: 4, more: true },
        { started: 1, more: false },
      ],
    });
    pump.start();
    await promisesSettle();
    expect(lookedAt).toEqual([0, 0, 0]);
  });

  it('looks once more for any number of wake-ups during a look', async () => {
    const { pump, lookedAt } = setting();
    pump.start();
    pump.look();
    pump.look();
    pump.look();
    await promisesSettle();
    expect(lookedAt).toEqual([0, 0]);
  });

  it('looks when the next dispatch is due, if that is sooner than the poll', async () => {
    const dues = [300, 4_000];
    const { pump, lookedAt, advance } = setting({ due: () => dues.shift() ?? null });
    pump.start();
    await advance(1_500);
    expect(lookedAt).toEqual([0, 300, 1_300]);
  });

  it('looks at the earliest of the times that it was told', async () => {
    const { pump, lookedAt, advance } = setting();
    pump.start();
    await advance(100);
    pump.lookIn(500);
    pump.lookIn(200);
    pump.lookIn(800);
    await advance(300);
    expect(lookedAt).toEqual([0, 300]);
  });

  it('asks ever less often for what is due and is not handed out', async () => {
    const { pump, lookedAt, advance } = setting({ due: () => 0 });
    pump.start();
    await advance(3_300);
    expect(lookedAt).toEqual([0, 20, 60, 140, 300, 620, 1_260, 2_260, 3_260]);
  });

  it('does not look while there is no room, and looks as soon as there is', async () => {
    let room = false;
    const { pump, lookedAt, advance } = setting({ room: () => room });
    pump.start();
    await advance(2_500);
    expect(lookedAt).toEqual([]);
    room = true;
    pump.slotFreed();
    await promisesSettle();
    expect(lookedAt).toEqual([2_500]);
    pump.slotFreed();
    await promisesSettle();
    expect(lookedAt).toHaveLength(1);
  });

  it('asks a store that failed again after a poll interval', async () => {
    const { pump, lookedAt, advance } = setting({ looks: [new Error('read ECONNRESET')] });
    pump.start();
    await advance(1_000);
    expect(lookedAt).toEqual([0, 1_000]);
  });

  it('does nothing after a stop, and leaves no timer', async () => {
    const { pump, clock, lookedAt, advance } = setting();
    pump.start();
    await advance(100);
    pump.stop();
    expect(clock.pending).toBe(0);
    pump.look();
    pump.lookIn(10);
    pump.slotFreed();
    await advance(5_000);
    expect(lookedAt).toEqual([0]);
    expect(clock.pending).toBe(0);
  });

  it('sets no timer for a look that ends after the stop', async () => {
    const { pump, clock } = setting();
    pump.start();
    pump.stop();
    await promisesSettle();
    expect(clock.pending).toBe(0);
  });
});
