import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 7);

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 120 ', 120_000],
    ['0.5', 500],
    ['999999999', 999_999_999_000],
  ])('reads %j as seconds', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });

  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads the date %j in any of the three forms of RFC 9110',
    (value) => {
      expect(retryAfterMs(value, now)).toBe(30_000);
    },
  );

  it('is nothing to wait for where the date has passed', () => {
    expect(retryAfterMs('Sun, 06 Nov 1994 08:49:06 GMT', now)).toBe(0);
  });

  it.each([
    '',
    '-1',
    '+5',
    '1e9',
    '1e400',
    'Infinity',
    'NaN',
    '0x10',
    '10000000000',
    '5 seconds',
    '5, 10',
    '１０',
    'soon',
    'Sun, 06 Nov 1994',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    '1994-11-06T08:49:37Z',
    `Sun, ${'9'.repeat(1_000)} GMT`,
  ])('does not read %j', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  it('does not read a header that came twice, or not at all', () => {
    expect(retryAfterMs(['5', '6'], now)).toBeUndefined();
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });
});
