import type { Clock, Timer } from '@patchbay/core/adapter';

/** A clock that moves when a test says so. */
export interface FakeClock extends Clock {
  /** Moves on by `ms` milliseconds: timers that become due run in order, each at its own time, and promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Moves on to the next timer and runs what is due then. False, and nothing moves, when no timer is set. */
  advanceToNext(): Promise<boolean>;
  /** Lets promises settle and runs what waits for the next turn, until neither is left. Time stands still. */
  settle(): Promise<void>;
}

interface FakeTimer extends Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

const realTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const sooner = (left: FakeTimer, right: FakeTimer): FakeTimer =>
  right.at < left.at || (right.at === left.at && right.order < left.order) ? right : left;

/**
 * A clock for tests. Starts at `start` (milliseconds since 1970, @default 2026-01-01T00:00:00Z) and stands still until it is advanced.
 * `nextTurn` goes by the real event loop, so that code which waits for a turn needs no help from the test.
 */
export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  const timers = new Set<FakeTimer>();
  let now = start;
  let order = 0;
  let turns = 0;

  const next = (): FakeTimer | undefined => (timers.size === 0 ? undefined : [...timers].reduce(sooner));

  const settle = async (): Promise<void> => {
    do await realTurn();
    while (turns > 0);
  };

  const runUntil = async (target: number): Promise<void> => {
    for (let timer = next(); timer !== undefined && timer.at <= target; timer = next()) {
      timers.delete(timer);
      now = Math.max(now, timer.at);
      timer.callback();
      await settle();
    }
    now = Math.max(now, target);
  };

  return {
    now: () => now,
    monotonic: () => now - start,
    setTimer(callback, delayMs) {
      order += 1;
      const timer: FakeTimer = { at: now + Math.max(0, delayMs), order, callback, cancel: () => timers.delete(timer) };
      timers.add(timer);
      return timer;
    },
    nextTurn(callback) {
      turns += 1;
      setImmediate(() => {
        turns -= 1;
        callback();
      });
    },
    async advance(ms) {
      await settle();
      await runUntil(now + ms);
      await settle();
    },
    async advanceToNext() {
      await settle();
      const timer = next();
      if (timer === undefined) return false;
      await runUntil(timer.at);
      return true;
    },
    settle,
  };
}
