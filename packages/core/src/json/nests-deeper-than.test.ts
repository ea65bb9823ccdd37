import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nestsDeeperThan } from './nests-deeper-than.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it('agrees with the depth of the parsed value, however the text is spaced', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 9 }), fc.constantFrom(undefined, 1, '\t'), fc.integer({ min: 0, max: 10 }), (text, space, levels) => {
      const value: unknown = JSON.parse(text);
      expect(nestsDeeperThan(JSON.stringify(value, null, space), levels)).toBe(depthOf(value) > levels);
    }),
  );
});

it('is not misled by brackets, quotes and escapes inside strings', () => {
  const value = { text: `${'{"['.repeat(200)}\\"`, '{"key': ['\\', '"[['] };
  expect(nestsDeeperThan(JSON.stringify(value), 2)).toBe(false);
  expect(nestsDeeperThan(JSON.stringify([value]), 2)).toBe(true);
});

it('finds nesting whose brackets are spaced or empty', () => {
  expect(nestsDeeperThan('[[[{}]]]', 3)).toBe(true);
  expect(nestsDeeperThan('[[[{}]]]', 4)).toBe(false);
  expect(nestsDeeperThan(`${'{ "a" : '.repeat(65)}1${' }'.repeat(65)}`, 64)).toBe(true);
  expect(nestsDeeperThan('['.repeat(100_000), 64)).toBe(true);
});
