import { expect, it } from 'vitest';
import { createSlots } from './slots.ts';

it('never hands out more slots than there are, whoever has the others', () => {
  let taken = 0;
  const slots = createSlots(5, () => taken);
  expect(slots.reserve(3)).toBe(3);
  expect(slots.reserve(3)).toBe(2);
  expect(slots.reserve(1)).toBe(0);
  slots.release(3);
  taken = 2;
  expect([slots.free(), slots.reserved]).toEqual([1, 2]);
  taken = 9;
  expect([slots.free(), slots.reserve(1)]).toEqual([0, 0]);
});

it('reserves nothing for a request of nothing', () => {
  const slots = createSlots(5, () => 0);
  expect([slots.reserve(0), slots.reserve(-1), slots.reserved]).toEqual([0, 0, 0]);
});
