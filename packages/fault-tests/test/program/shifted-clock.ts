import { type Clock, systemClock } from '@patchbay/core/adapter';

/** A clock whose wall time is off. */
export interface ShiftedClock extends Clock {
  /** Moves the wall time by so many milliseconds more. */
  shift(ms: number): void;
}

/** Shifts what `Date.now` says in the whole process, whoever asks; the monotonic time stays. */
export function shiftedClock(offMs: number): ShiftedClock {
  const trueNow = Date.now.bind(Date);
  let off = offMs;
  if (off !== 0) Date.now = () => trueNow() + off;
  return {
    ...systemClock,
    shift(ms) {
      off += ms;
      Date.now = () => trueNow() + off;
    },
  };
}
