import { expect, it } from 'vitest';
import { parseArguments } from './parse-arguments.ts';

const known = ['one', 'two'];

it('takes all benchmarks when none is named', () => {
  expect(parseArguments([], known)).toEqual({ names: known, json: false, quick: false, baselinesOnly: false, check: false });
});

it('takes names and flags in any order, each name once', () => {
  expect(parseArguments(['--json', 'two', '--quick', 'two'], known)).toMatchObject({ names: ['two'], json: true, quick: true });
});

it('refuses a benchmark and a flag that do not exist', () => {
  expect(() => parseArguments(['three'], known)).toThrow('Choose from: one, two.');
  expect(() => parseArguments(['--fast'], known)).toThrow();
});

it('takes the variants of a benchmark with it, and a variant alone', () => {
  const withVariant = [...known, 'two-large', 'twofold'];
  expect(parseArguments(['two'], withVariant).names).toEqual(['two', 'two-large']);
  expect(parseArguments(['two-large'], withVariant).names).toEqual(['two-large']);
});
