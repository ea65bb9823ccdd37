import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJsonKeys } from './parse-json-keys.ts';

const keysOf = (text: string): readonly string[] => Object.keys(Object(parseJsonKeys(text)));

it.each([
  ['{"a":1,"\\u0061":2}', ['a']],
  ['{"a":1,"\\"":2}', ['a', '"']],
  ['{"\\"":1,"\\u0022":2}', ['"']],
  ['{"\\"":1,"\\\\":2}', ['"', '\\']],
  ['{"\\t" : 1,\n"\\n"\t:2,"\\u0000":3}', ['\t', '\n', '\u0000']],
  ['{"x\\"\\\\":1,"\\/":2}', ['x"\\', '/']],
  ['{"\\ufdd0\\n":1,"\ufdd1\\t":2}', ['\ufdd0\n', '\ufdd1\t']],
  ['{"a":",\\"\\n\\":","b":1}', ['a', 'b']],
])('reads the keys of %s', (text, keys) => {
  expect(keysOf(text)).toEqual(keys);
});

it.each([
  ['\\u0061', 'a', '\\'],
  ['\\"', '"', '\\'],
  ['\\":', '":', '\\"'],
  ['a\\"b', 'a"b', 'a\\"'],
])('reads the key %s as %s where the engine has seen an object with %s there', (written, key, seen) => {
  const first = `beside ${written.length} and ${key.length}`;
  JSON.parse(JSON.stringify({ [first]: 1, [seen]: 2 }));
  expect(keysOf(`{"${first}":1,"${written}":2}`)).toEqual([first, key]);
});

it('reads what was written', () => {
  const key = fc.oneof(fc.constantFrom('"', '\\', '/', '\n', '\u0001', 'a', '":', '\\"', 'a\\"', 'a"b', '\ufdd0'), fc.string());
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.nat({ max: 2 }), (given, indent) => {
      const text = JSON.stringify(given, null, indent);
      expect(JSON.stringify(parseJsonKeys(text))).toBe(JSON.stringify(given));
    }),
  );
});

it('leaves to a reviver the keys of members and the texts of numbers', () => {
  const seen: string[] = [];
  const value = parseJsonKeys('{"\\u0061":12345678901234567890,"\\"":[1]}', (key, member, context?: { readonly source?: string }) => {
    seen.push(key);
    return typeof member === 'number' ? (context?.source ?? member) : member;
  });
  expect(seen[0]).toBe('a');
  expect(value).toEqual({ a: '12345678901234567890', '"': ['1'] });
});

it('throws for what is no JSON, and for a text that holds every mark', () => {
  const marks = Array.from({ length: 32 }, (_, index) => String.fromCharCode(0xfdd0 + index)).join('');
  expect(() => parseJsonKeys('{"\\"":')).toThrow(SyntaxError);
  expect(() => parseJsonKeys('{"\\x":1}')).toThrow(SyntaxError);
  expect(() => parseJsonKeys(`{"\\"":"${marks}"}`)).toThrow(SyntaxError);
  expect(parseJsonKeys(`{"\\"":"${marks.slice(1)}"}`)).toEqual({ '"': marks.slice(1) });
});
