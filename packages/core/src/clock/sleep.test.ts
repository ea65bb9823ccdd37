import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { sleep } from './sleep.ts';
import { systemClock } from './system-clock.ts';

/** A clock with timers that a test fires. */
function handClock() {
  const timers = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    setTimer(callback) {
      timers.add(callback);
      return { cancel: () => void timers.delete(callback) };
    },
  };
  return {
    clock,
    pending: () => timers.size,
    fire: () => {
      for (const callback of [...timers]) callback();
    },
  };
}

describe('sleeping', () => {
  it('ends when its time has come and leaves no timer', async () => {
    const { clock, fire, pending } = handClock();
    const sleeping = sleep(clock, 50);
    fire();
    await sleeping;
    expect(pending()).toBe(0);
  });

  it('ends at once when it is aborted, takes its timer back and never rejects', async () => {
    const { clock, pending } = handClock();
    const abort = new AbortController();
    const sleeping = sleep(clock, 50, abort.signal);
    abort.abort();
    await sleeping;
    expect(pending()).toBe(0);
    await sleep(clock, 50, abort.signal);
    expect(pending()).toBe(0);
  });
});

describe("the machine's clock", () => {
  it('does not fire at once for a delay that is too long for a timer, and takes timers back', async () => {
    let fired = 0;
    const timers = [5_000_000_000, Number.MAX_SAFE_INTEGER].map((delay) =>
      systemClock.setTimer(() => {
        fired += 1;
      }, delay),
    );
    await new Promise<void>((resolve) => void systemClock.setTimer(resolve, 5));
    for (const timer of timers) timer.cancel();
    expect(fired).toBe(0);
  });

  it('goes on, and its next turn comes before its timers', async () => {
    const order: string[] = [];
    const before = systemClock.monotonic();
    await new Promise<void>((resolve) => {
      systemClock.setTimer(() => {
        order.push('timer');
        resolve();
      }, 2);
      systemClock.nextTurn(() => order.push('turn'));
    });
    expect(order).toEqual(['turn', 'timer']);
    expect(systemClock.monotonic()).toBeGreaterThan(before);
    expect(systemClock.now()).toBeGreaterThan(1_700_000_000_000);
  });
});
