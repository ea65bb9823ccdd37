import type ICAL from 'ical.js';
import { dayMs } from '../clock/day-of.ts';

/** A day as a number: days since 1970. */
export type DayNumber = number;

/** The day of a year and month, 1 to 12; a day beyond the month goes on into the next one. */
export function dayNumber(year: number, month: number, day: number): DayNumber {
  return Math.floor(new Date(0).setUTCFullYear(year, month - 1, day) / dayMs);
}

/** Year, month (1 to 12) and day of the month. */
export function dateOf(day: DayNumber): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export const weekdayOf = (day: DayNumber): number => (((day + 4) % 7) + 7) % 7;

/** A moment as it is written in a calendar, whatever its zone. */
export interface WrittenTime {
  readonly day: DayNumber;
  /** Second of the day; 0 for a day without a time. */
  readonly second: number;
  /** It is a day without a time. */
  readonly isDay: boolean;
}

/** What a calendar writes. `null` for what is no time. */
export function writtenTime({ year, month, day, hour, minute, second, isDate }: ICAL.Time): WrittenTime | null {
  const number = dayNumber(year, month, day);
  const ofDay = isDate ? 0 : hour * 3_600 + minute * 60 + second;
  return Number.isSafeInteger(number) && Number.isSafeInteger(ofDay) ? { day: number, second: ofDay, isDay: isDate } : null;
}
