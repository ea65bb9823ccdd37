import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMembers } from './count-members.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { surveyJson } from './survey-json.ts';

const bounds = { depth: 64, members: 10_000 };
const read = (text: string) => parseStrictJson(text, bounds);

describe('strict JSON', () => {
  it('reads every value that has no key twice as JSON.parse does, however it is spaced', () => {
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }).filter((given) => !JSON.stringify(given).includes('__proto__'));
    fc.assert(
      fc.property(value, fc.nat({ max: 4 }), (given, indent) => {
        const text = JSON.stringify(given, null, indent).replaceAll('":', fc.sample(fc.constantFrom('":', '" :', '"\n\t:'), 1)[0] ?? '":');
        const plain: unknown = JSON.parse(text);
        if (surveyJson(plain).hasUnsafeNumber) return;
        expect(read(text)).toEqual({ value: plain, exact: true });
      }),
    );
  });

  it('counts the members of a text as they are written, whatever its strings hold', () => {
    const key = fc.oneof(fc.constantFrom('a', 'b', '"', '\\', ':', '":', '\\":', '\\\\', '{"a":1}'), fc.string());
    const member = fc.tuple(key, fc.oneof(fc.string(), key, fc.integer()));
    fc.assert(
      fc.property(fc.array(fc.array(member)), (objects) => {
        const texts = objects.map(
          (members) => `{${members.map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`).join(',')}}`,
        );
        const text = `[${texts.join(',')}]`;
        expect(countMembers(text)).toBe(objects.flat().length);
        const isAmbiguous = objects.some((members) => new Set(members.map(([name]) => name)).size < members.length);
        expect('fault' in read(text)).toBe(isAmbiguous);
      }),
    );
  });

  it.each([
    '{"a":1,"a":1}',
    '{"amount":1,"\\u0061mount":1000}',
    '[{"b":{"a":1,"c":":","a":2}}]',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '{"a" : 1 ,"a"\n:2}',
    '{"\\"":1,"\\u0022":2}',
    '{"1":0,"1":0}',
  ])('has no object with a key twice, as %s has', (text) => {
    expect(read(text)).toEqual({ fault: 'has an object with a key twice' });
  });

  it('keeps a number that no double can hold as its text, and leaves the others', () => {
    const text =
      '{"a":9007199254740993,"b":[-9007199254740992,9007199254740991,0.1234567890123456789],"c":1e400,"d":-1E+400,"e":1e20,"f":12345678901234567890,"g":1e-400}';
    expect(read(text)).toEqual({
      value: {
        a: '9007199254740993',
        b: ['-9007199254740992', 9007199254740991, 0.12345678901234568],
        c: '1e400',
        d: '-1E+400',
        e: 1e20,
        f: '12345678901234567890',
        g: 0,
      },
      exact: false,
    });
    expect(read('18446744073709551615')).toEqual({ value: '18446744073709551615', exact: false });
    expect(read('{"__proto__":{"a":1},"id":9007199254740993}')).toEqual({ value: { id: '9007199254740993' }, exact: false });
  });

  it.each(['"\\ud800"', '"\\udc00\\ud800"', '{"\\uDBFF":1}', '["a","\\ud83dx"]', '"\\ud83d\\n"'])(
    'has no half of a surrogate pair, as %s has',
    (text) => {
      expect(read(text)).toEqual({ fault: 'has half of a surrogate pair' });
    },
  );

  it('has whole pairs, and text that only looks like a half', () => {
    for (const text of ['"\\ud83d\\ude00"', '"😀"', '"\\\\ud800"']) expect(read(text)).toEqual({ value: JSON.parse(text), exact: true });
  });

  it('bounds the keys of all objects together', () => {
    const keys = (count: number): string => `{${Array.from({ length: count }, (_, at) => `"k${at}":{}`).join(',')}}`;
    expect('value' in read(keys(10_000))).toBe(true);
    expect(read(keys(10_001))).toEqual({ fault: 'has more than 10000 keys' });
    expect(read(`[${'{"a":0},'.repeat(10_000)}{"a":0}]`)).toEqual({ fault: 'has more than 10000 keys' });
    expect('value' in read(`[${'0,'.repeat(100_000)}0]`)).toBe(true);
  });

  it('reads a long text without looking at any letter twice', () => {
    const runs = `["${'\\\\'.repeat(400_000)}","${'\\"'.repeat(400_000)}"]`;
    expect('value' in read(runs)).toBe(true);
    expect(read(`"${'\\'.repeat(1_000_001)}`)).toEqual({ fault: 'is not JSON' });
  });
});
