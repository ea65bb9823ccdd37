import { expect, it } from 'vitest';
import { refreshDueAt } from './refresh-due.ts';

const token = (life: number) => ({ obtainedAt: 0, expiresAt: life });
const connection = (random: string) => `019ad2b6-7c1e-7000-8000-0000${random}`;

it('is between five and two and a half minutes before the end, at a moment of the connection’s own', () => {
  expect(refreshDueAt(token(3_600_000), connection('00000000'))).toBe(3_300_000);
  expect(refreshDueAt(token(3_600_000), connection('ffffffff'))).toBe(3_450_000);
  expect(refreshDueAt(token(3_600_000), connection('80000000'))).toBeCloseTo(3_375_000, -1);
});

it('is in the last quarter of a short life', () => {
  expect(refreshDueAt(token(60_000), connection('00000000'))).toBe(45_000);
  expect(refreshDueAt(token(60_000), connection('ffffffff'))).toBe(52_500);
  expect(refreshDueAt(token(0), connection('00000000'))).toBe(0);
});

it('is never where nobody knows an end', () => {
  expect(refreshDueAt({}, connection('00000000'))).toBe(Number.POSITIVE_INFINITY);
});

it('spreads 10,000 tokens that end at once over two and a half minutes', () => {
  const due = Array.from({ length: 10_000 }, (_, index) =>
    refreshDueAt(
      token(3_600_000),
      connection(
        Math.floor((index / 10_000) * 0xffff_ffff)
          .toString(16)
          .padStart(8, '0'),
      ),
    ),
  );
  const bySecond = Map.groupBy(due, (time) => Math.floor(time / 1_000));
  expect(Math.max(...[...bySecond.values()].map((times) => times.length))).toBeLessThanOrEqual(70);
});
