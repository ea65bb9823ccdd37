import { expect, it } from 'vitest';
import { addToWindow, isEnough, isOver, readAlertWindow, sumOfWindow, writeAlertWindow } from './alert-window.ts';

const count = { count: 3, windowMs: 10_000 } as const;
const share = { share: 0.5, minimum: 10, windowMs: 10_000 } as const;

it('a window slides by a tenth of its length', () => {
  const one = addToWindow([], { trouble: 1, well: 0, at: 10_000 }, { threshold: count, now: 10_000 });
  const two = addToWindow(one, { trouble: 1, well: 2, at: 10_999 }, { threshold: count, now: 11_000 });
  expect(two).toEqual([{ at: 10_000, trouble: 2, well: 2 }]);
  const later = addToWindow(two, { trouble: 1, well: 0, at: 20_500 }, { threshold: count, now: 20_500 });
  expect(sumOfWindow(later)).toEqual({ trouble: 3, well: 2 });
  expect(addToWindow(later, { trouble: 0, well: 0, at: 21_000 }, { threshold: count, now: 21_000 })).toEqual([
    { at: 20_000, trouble: 1, well: 0 },
  ]);
  expect(readAlertWindow(writeAlertWindow(later))).toEqual(later);
});

it('a count is enough when it is reached, and a share when it is exceeded over its minimum', () => {
  const parts = (trouble: number, well: number) => [{ at: 0, trouble, well }];
  expect([isEnough(parts(2, 0), count), isEnough(parts(3, 0), count)]).toEqual([false, true]);
  expect([isEnough(parts(9, 0), share), isEnough(parts(5, 5), share), isEnough(parts(6, 4), share)]).toEqual([false, false, true]);
  expect([isOver(parts(3, 9), share), isOver(parts(3, 8), share), isOver(parts(0, 9), count)]).toEqual([true, false, false]);
});
