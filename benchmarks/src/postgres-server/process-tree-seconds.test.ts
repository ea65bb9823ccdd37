import { expect, it } from 'vitest';
import { parseProcessTimes } from './process-tree-seconds.ts';

const rest = 'S 42 7 7 0 -1 4194560 500 600 0 0 11 5 300 20 20 0 1 0 1000 200000 300';

it('reads the times behind a name that holds parentheses and blanks', () => {
  expect(parseProcessTimes(`7 (postgres: a (b) c) ${rest}`)).toEqual({ parent: 42, own: 16, endedChildren: 320 });
});

it('answers null for anything else', () => {
  expect(parseProcessTimes('')).toBeNull();
  expect(parseProcessTimes('7 (short) S 42')).toBeNull();
});
