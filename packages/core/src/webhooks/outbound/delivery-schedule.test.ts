import { expect, it } from 'vitest';
import { deliveryAttempts, deliveryBackoff } from './delivery-schedule.ts';

it('waits as the schedule says, a fifth more or less', () => {
  const hours = [5 / 3_600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24].map((each) => Math.round(each * 3_600_000));
  expect(deliveryAttempts).toBe(10);
  for (const [index, wait] of hours.entries()) {
    expect([0, 0.5, 1].map((random) => deliveryBackoff(index + 1, random))).toEqual([0.8 * wait, wait, 1.2 * wait].map(Math.round));
  }
});
