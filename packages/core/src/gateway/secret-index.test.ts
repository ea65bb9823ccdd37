import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecretIndex } from './secret-index.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 6, maxLength: 20 });
const around = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 60 });

it('finds one of its texts wherever it stands, in bytes and in text, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), around, fc.option(fc.nat()), around, (texts, before, chosen, behind) => {
      const text = `${before}${chosen === null ? '' : texts[chosen % texts.length]}${behind}`;
      const index = new SecretIndex(texts);
      const isIn = texts.some((each) => text.includes(each));
      expect([index.isInBytes(Buffer.from(text, 'latin1')), index.isInText(text)]).toEqual([isIn, isIn]);
    }),
    { numRuns: 2_000 },
  );
});

it('finds a long one among long ones at every place', () => {
  const texts = [64, 65, 80, 200, 3_000].map((length, nth) =>
    Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * 7 + nth * 13 + (index >> 3)) % 90))).join(''),
  );
  const index = new SecretIndex(texts);
  for (const text of texts)
    for (let at = 0; at < 140; at += 1) {
      const whole = `${' '.repeat(at)}${text}${' '.repeat(140 - at)}`;
      expect([index.isInBytes(Buffer.from(whole, 'latin1')), index.isInText(whole)]).toEqual([true, true]);
      const cut = `${' '.repeat(at)}${text.slice(0, -1)}${' '.repeat(140 - at)}`;
      expect([index.isInBytes(Buffer.from(cut, 'latin1')), index.isInText(cut)]).toEqual(
        Array(2).fill(texts.some((each) => cut.includes(each))),
      );
    }
});

it('of no texts finds nothing', () => {
  const index = new SecretIndex([]);
  expect([index.isInBytes(Buffer.from('anything')), index.isInText('anything')]).toEqual([false, false]);
});
