import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFields } from './encode-fields.ts';

const fields = fc.array(
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.string(), fc.constant(null), fc.constant(''), fc.constant('\n'), fc.constant('a\u0000')),
  {
    maxLength: 6,
  },
);

it('gives different fields different bytes, whatever is in them', () => {
  fc.assert(
    fc.property(fields, fields, (left, right) => {
      const isSame = left.length === right.length && left.every((field, index) => field === right[index]);
      expect(encodeFields(left).equals(encodeFields(right))).toBe(isSame);
    }),
    { numRuns: 2_000 },
  );
});

it('keeps apart what only moves the border between two fields, and null from every text', () => {
  const texts = [['ab', 'c'], ['a', 'bc'], ['abc', ''], ['', 'abc'], ['abc', null], ['abc'], ['a\nb', 'c'], ['a', 'b\nc'], ['null', null]];
  expect(new Set(texts.map((text) => encodeFields(text).toString('hex'))).size).toBe(texts.length);
});

it('writes lengths in four bytes and text in UTF-8', () => {
  expect(encodeFields(['é', null, 7]).toString('hex')).toBe('00000002c3a9ffffffff0000000137');
});
