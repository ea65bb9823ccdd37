import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findText } from './find-text.ts';

test('it finds what indexOf finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 });
  fc.assert(
    fc.property(text, text, fc.nat(60), (whole, sought, from) => {
      expect(findText(whole, sought, from)).toBe(sought.length > whole.length - from ? -1 : whole.indexOf(sought, from));
    }),
  );
});

test('it finds what indexOf finds where it searches by itself', () => {
  const unit = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(unit, unit, fc.nat(3_000), (tile, odd, at) => {
      const tiled = tile.repeat(Math.ceil(40_000 / tile.length));
      const whole = `${tiled.slice(0, 20_000 + at)}${odd}${tiled.slice(0, 15_000)}`;
      const sought = `${tile.repeat(12)}${odd}${tile.repeat(12)}`.padEnd(64, tile);
      expect(findText(whole, sought)).toBe(whole.indexOf(sought));
    }),
    { numRuns: 50 },
  );
});
