import { describe, expect, it } from 'vitest';
import { jqlTime } from './jql-time.ts';

const at = (text: string) => Date.parse(text);

describe('a time in JQL', () => {
  it('is that of the wall clock of the account, to the minute', () => {
    expect(jqlTime(at('2026-01-05T23:59:59Z'), 'UTC')).toBe('2026-01-05 23:59');
    expect(jqlTime(at('2026-01-05T23:30:00Z'), 'Europe/Berlin')).toBe('2026-01-06 00:30');
    expect(jqlTime(at('2026-07-05T12:00:00Z'), 'America/Los_Angeles')).toBe('2026-07-05 05:00');
    expect(jqlTime(0, 'UTC')).toBe('1970-01-01 00:00');
  });

  // In 2026 Berlin's clocks go back from three to two on October 25th, at 01:00 UTC.
  it('never lies behind the time where clocks are put back, whichever of the two hours Jira takes it for', () => {
    for (let time = at('2026-10-24T20:00:00Z'); time < at('2026-10-25T06:00:00Z'); time += 600_000) {
      const text = jqlTime(time, 'Europe/Berlin').replace(' ', 'T');
      const readings = ['+02:00', '+01:00'].map((offset) => at(`${text}${offset}`)).filter((each) => isThere(each, text));
      expect(Math.max(...readings), new Date(time).toISOString()).toBeLessThanOrEqual(time);
    }
  });
});

/** Does Berlin's clock show the text at that time? */
function isThere(time: number, text: string): boolean {
  return new Date(time).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }).replace(' ', 'T').startsWith(text);
}
