import { expect, it } from 'vitest';
import { retryAfterOf } from './retry-after-of.ts';

it.each([0, 1, 3_600_000])('is %s where that was asked for', (retryAfterMs) => expect(retryAfterOf({ retryAfterMs })).toBe(retryAfterMs));

it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -1, '1000', {}])('is none for %s', (retryAfterMs) => {
  expect(retryAfterOf({ retryAfterMs })).toBeUndefined();
});
