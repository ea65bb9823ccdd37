const hour = 3_600_000;

/**
 * A time as JQL takes it: to the minute, in the time zone of the account. Where the clocks are put back near it one text means two times, and the hour
 * before is taken: a search from there finds more, never less.
 */
export function jqlTime(time: number, timeZone: string): string {
  const isAmbiguous = offsetOf(time - 3 * hour, timeZone) !== offsetOf(time + hour, timeZone);
  return wallClock(isAmbiguous ? time - 3 * hour : time, timeZone).slice(0, 16);
}

/** Minutes that a zone's clock is ahead. */
function offsetOf(time: number, timeZone: string): number {
  return Math.round((Date.parse(`${wallClock(time, timeZone).replace(' ', 'T')}Z`) - time) / 60_000);
}

/** What the clock on the wall shows: `2026-11-22 05:04:03`. */
function wallClock(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(time);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
