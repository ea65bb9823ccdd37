import type { Clock } from '../clock/clock.ts';
import { dayMs, dayOf } from '../clock/day-of.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';

/** Days that are counted where nobody says from when. */
const usualDays = 30;

/** Whole days in UTC, those of both ends among them, as counters take them. */
export interface CountedDays {
  readonly fromDay: string;
  readonly toDay: string;
}

/** The days of a window: the last 30 unless it says otherwise. Throws `invalid_argument` for a window that is none. */
export function countedDays(window: TimeWindow, clock: Pick<Clock, 'now'>): CountedDays {
  checkWindow(window);
  const to = window.to ?? Math.floor(clock.now()) + 1;
  const from = window.from ?? Math.max(0, to - usualDays * dayMs);
  return { fromDay: dayOf(from), toDay: dayOf(to - 1) };
}
