import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { isJsonObject } from './is-json-object.ts';
import { jsonText } from './json-text.ts';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, inner]) => [name, shuffled(inner)]),
      )
    : value;
};

it('is one text for equal values and another for different ones', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      expect(canonicalJson(shuffled(left))).toBe(canonicalJson(left));
      expect(JSON.parse(canonicalJson(left))).toEqual(JSON.parse(JSON.stringify(left)));
      const isSame = JSON.stringify(shuffled(shuffled(left))) === JSON.stringify(right);
      if (isSame) expect(canonicalJson(left)).toBe(canonicalJson(right));
    }),
  );
});

it('keeps members that have names of Object.prototype', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"z":1,"a":2},"constructor":2}'))).toBe(
    '{"__proto__":{"a":2,"z":1},"b":1,"constructor":2}',
  );
});

it('has no text for what JSON cannot say', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  for (const value of [
    undefined,
    () => 1,
    Symbol('s'),
    1n,
    cycle,
    {
      toJSON: () => {
        throw new Error('no');
      },
    },
  ])
    expect(jsonText(value)).toBeUndefined();
  expect(jsonText({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
  expect(jsonText(null)).toBe('null');
});
