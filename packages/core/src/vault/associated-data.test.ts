import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAssociatedData } from './associated-data.ts';

const text = (fields: readonly (string | number)[]): string => new TextDecoder().decode(encodeAssociatedData(fields));
const field = fc.oneof(fc.string({ minLength: 1, unit: fc.constantFrom('a', '1', ':', ',', 'ü', '😀') }), fc.nat());

describe('encodeAssociatedData', () => {
  it('writes each field behind its length in bytes', () => {
    expect(text([1, 'acme', 'ü'])).toBe('1:1,4:acme,2:ü,');
  });

  it('gives no two lists of fields the same bytes', () => {
    fc.assert(
      fc.property(fc.array(field), fc.array(field), (left, right) => {
        expect(text(left) === text(right)).toBe(JSON.stringify(left.map(String)) === JSON.stringify(right.map(String)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps a border between fields that a separator could forge', () => {
    expect(text(['a', 'b'])).not.toBe(text(['a,1:b']));
    expect(text(['ab', 'c'])).not.toBe(text(['a', 'bc']));
  });

  it.each([[''], ['\ud800'], ['a\udc00'], [-1], [1.5], [Number.NaN], [2 ** 53], [Number.POSITIVE_INFINITY]])('refuses %j', (value) => {
    expect(() => encodeAssociatedData(['fine', value])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
