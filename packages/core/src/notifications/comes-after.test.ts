import { expect, it } from 'vitest';
import { comesAfter } from './comes-after.ts';

it.each([
  ['after the trouble', 20, { lastSeenAt: 10, now: 30 }, true],
  ['at the same time', 10, { lastSeenAt: 10, now: 30 }, true],
  ['before the trouble', 5, { lastSeenAt: 10, now: 30 }, false],
  ['before trouble of a clock that was an hour ahead', 20, { lastSeenAt: 3_600_000, now: 30 }, true],
])('counts what went well %s', (_when, wellAt, trouble, counts) => {
  expect(comesAfter(wellAt, trouble)).toBe(counts);
});
