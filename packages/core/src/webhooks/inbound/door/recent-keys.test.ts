import { expect, it } from 'vitest';
import { createRecentKeys } from './recent-keys.ts';

it('remembers the last keys, and never more than two generations of them', () => {
  const keys = createRecentKeys();
  for (let number = 0; number < 100_000; number += 1) {
    keys.add(`k${number}`);
    expect(keys.size).toBeLessThanOrEqual(40_000);
  }
  expect([keys.has('k99999'), keys.has('k80000'), keys.has('k0')]).toEqual([true, true, false]);
});
