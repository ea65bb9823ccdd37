import type { Clock } from './clock.ts';

/** Longest delay that Node's timers hold (2^31 - 1 ms); a longer one would fire at once. */
const longestDelay = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delayMs) {
    const handle = setTimeout(callback, Math.min(Math.max(0, delayMs), longestDelay));
    return { cancel: () => clearTimeout(handle) };
  },
  nextTurn: (callback) => {
    setImmediate(callback);
  },
};
