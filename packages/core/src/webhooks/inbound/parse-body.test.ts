import { describe, expect, it } from 'vitest';
import { parseBody } from './parse-body.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const errorOf = (body: Uint8Array): unknown => {
  try {
    parseBody(body);
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('parseBody', () => {
  it('reads JSON of every kind', () => {
    for (const text of ['{"a":[1,"ü",null,true]}', '[]', '"text"', '7', 'null'])
      expect(parseBody(bytes(text))).toEqual({ value: JSON.parse(text), exact: true });
  });

  it.each([
    ['nothing', ''],
    ['a form', 'payload=%7B%7D'],
    ['a byte order mark', '\uFEFF{}'],
    ['half an object', '{"a":'],
    ['two values', '{}{}'],
    ['NaN', '{"a":NaN}'],
    ['a comment', '{/* */}'],
    ['a number beyond JSON', '01'],
  ])('refuses %s', (_what, text) => {
    expect(errorOf(bytes(text))).toMatchObject({ code: 'body_invalid', message: 'The body is not JSON.' });
  });

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate half', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
    ['latin-1', [0x22, 0xfc, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('refuses %s instead of replacing it', (_what, raw) => {
    expect(errorOf(Uint8Array.from(raw))).toMatchObject({ code: 'body_invalid', message: 'The body is not UTF-8.' });
  });

  it('bounds the nesting at 64 levels', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(errorOf(bytes(nested(64)))).toBeUndefined();
    expect(errorOf(bytes(nested(65)))).toMatchObject({ code: 'body_invalid' });
    expect(errorOf(bytes(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`))).toMatchObject({ code: 'body_invalid' });
    expect(errorOf(bytes('['.repeat(1_000_000)))).toMatchObject({ code: 'body_invalid' });
    expect(errorOf(bytes(`"${'['.repeat(1_000)}"`))).toBeUndefined();
  });

  it.each([
    '{"a":1,"__proto__":{"polluted":true}}',
    '{"a":1,"b":{"__proto__":null}}',
    '[{"__proto__":{"polluted":true}}]',
    '{"\\u005f\\u005fproto__":{"polluted":true}}',
    '{"__pr\\u006Fto__":{"polluted":true}}',
    '{"\\u005F_\\u0070\\u0072\\u006f\\u0074\\u006f__":{"polluted":true}}',
  ])('drops the prototype key of %s, and keeps the rest', (text) => {
    const { value: parsed, exact } = parseBody(bytes(text));
    expect(JSON.stringify(parsed)).not.toContain('__proto__');
    expect(JSON.stringify(parsed)).not.toContain('polluted');
    expect(Object.assign({}, parsed)).not.toHaveProperty('polluted');
    expect(exact).toBe(false);
  });

  it('leaves other names alone that only look dangerous', () => {
    const text = '{"constructor":1,"prototype":2,"toString":3,"hasOwnProperty":4,"then":5,"toJSON":6,"length":7,"proto":8}';
    expect(parseBody(bytes(text))).toEqual({ value: JSON.parse(text), exact: true });
    expect(parseBody(bytes('{"a":"caf\\u00e9"}')).exact).toBe(true);
  });

  it('changes no intrinsic', () => {
    const before = Reflect.ownKeys(Object.prototype).length;
    parseBody(bytes('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(before);
    expect({}).not.toHaveProperty('polluted');
  });
});
