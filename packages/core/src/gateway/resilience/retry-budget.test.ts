import { expect, it } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

it('gives ten retries at once, and then one for each ten requests', () => {
  const budget = createRetryBudget();
  const taken = (place = 'c1'): number => {
    let count = 0;
    while (count < 100 && budget.take(place)) count += 1;
    return count;
  };
  expect(taken()).toBe(10);
  for (let call = 0; call < 29; call += 1) budget.called('c1');
  expect(taken()).toBe(2);
  budget.called('c1');
  expect(taken()).toBe(1);
  expect(taken('c2')).toBe(10);
});

it('holds no more than ten, however long a place has worked', () => {
  const budget = createRetryBudget();
  budget.take('c1');
  for (let call = 0; call < 1_000; call += 1) budget.called('c1');
  let count = 0;
  while (budget.take('c1')) count += 1;
  expect(count).toBe(10);
});
