import { expect, it } from 'vitest';
import { resolveHealth } from './health-options.ts';

it('fills in what the host leaves out', () => {
  expect(resolveHealth()).toEqual({ checkEveryMs: 900_000, concurrency: 8, historyDays: 30 });
  expect(resolveHealth({ checkEveryMs: null, historyDays: 1 })).toEqual({ checkEveryMs: null, concurrency: 8, historyDays: 1 });
});

it.each([
  { checkEveryMs: 9_999 },
  { checkEveryMs: 86_400_001 },
  { checkEveryMs: 10_000.5 },
  { checkEveryMs: 'often' },
  { concurrency: 0 },
  { concurrency: null },
  { historyDays: 0 },
  { historyDays: 3_651 },
  { every: 1 },
])('refuses what cannot be meant: %j', (health) => {
  expect(() => resolveHealth(health as never)).toThrow(
    expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('health.') }),
  );
});
