import type { Clock } from '../../clock/clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on and calls, in order, what falls due. */
  advance(milliseconds: number): void;
  /** Timers that are set. */
  readonly pending: number;
}

/** Makes a clock that stands at the beginning of 2026. */
export function createManualClock(): ManualClock {
  let time = 0;
  const timers = new Set<{ dueAt: number; callback: () => void }>();
  const setTimer: Clock['setTimer'] = (callback, delayMs) => {
    const timer = { dueAt: time + delayMs, callback };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };
  return {
    now: () => Date.UTC(2026, 0, 1) + time,
    monotonic: () => time,
    setTimer,
    nextTurn: (callback) => void setImmediate(callback),
    advance(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        const next = [...timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
        if (next === undefined) break;
        timers.delete(next);
        time = Math.max(time, next.dueAt);
        next.callback();
      }
      time = end;
    },
    get pending() {
      return timers.size;
    },
  };
}
