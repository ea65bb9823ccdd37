import ICAL from 'ical.js';

const frequencies: ReadonlySet<string> = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);

/** Parts of a rule by how often it recurs: only such that every rule made of them comes again, so that looking for the next time ends. */
const parts: Readonly<Record<string, readonly string[]>> = {
  DAILY: [],
  WEEKLY: ['BYDAY'],
  MONTHLY: ['BYDAY', 'BYMONTHDAY'],
  YEARLY: ['BYDAY', 'BYMONTHDAY', 'BYMONTH'],
};

/** Longest step of a rule. */
const longestInterval = 1_000;

/**
 * What keeps a recurrence from being followed, or `undefined`. A library that looks for the 30th of February never comes back, so only rules are
 * followed of which that cannot be said.
 */
export function recurrenceFault(rule: unknown): string | undefined {
  if (!(rule instanceof ICAL.Recur)) return 'an event has a rule of recurrence that is none';
  const { freq, interval } = rule;
  if (!frequencies.has(freq)) return `an event recurs ${freq}, which is not followed; days recur DAILY, WEEKLY, MONTHLY or YEARLY`;
  if (!(interval >= 1 && interval <= longestInterval))
    return `an event recurs in steps of ${interval}; 1 to ${longestInterval} are followed`;
  const named = Object.keys(rule.parts).filter((name) => name.startsWith('BY'));
  const unknown = named.find((name) => !(parts[freq] ?? []).includes(name));
  if (unknown !== undefined) return `an event recurs ${freq} with ${unknown}, which is not followed`;
  if (named.includes('BYDAY') && named.includes('BYMONTHDAY'))
    return 'an event recurs with BYDAY and BYMONTHDAY at once, which is not followed';
  return daysFault(rule);
}

/** A day that some month or year of the rule never has. */
function daysFault({ freq, parts: given }: ICAL.Recur): string | undefined {
  const { BYMONTHDAY: days = [], BYMONTH: months = [], BYDAY: weekdays = [] } = given;
  const fewest = Math.min(31, ...months.map((month) => daysOfMonth[Number(month) - 1] ?? 0));
  if (days.some((day) => !(Math.abs(Number(day)) >= 1 && Math.abs(Number(day)) <= fewest)))
    return 'an event recurs on a day that its month does not have';
  const ordinals = weekdays.map((day) => Math.abs(Number.parseInt(String(day), 10) || 0));
  const mostWeeks = freq === 'WEEKLY' ? 0 : freq === 'YEARLY' && months.length === 0 ? 52 : 4;
  return ordinals.some((week) => week > mostWeeks) ? 'an event recurs on a weekday that its month or year may not have' : undefined;
}

const daysOfMonth: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
