import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRequestPath, path } from './path.ts';

const base = 'https://api.vendor.com';

/** What comes from outside to make a request go elsewhere. */
const attacks = [
  'https://evil.com/x',
  '@evil.com/',
  '.evil.com/',
  '#x',
  '?x=1',
  '/\\evil.com',
  'javascript:1',
  'data:,x',
  '/%5cevil.com',
  '%2e%2e',
  '..%2f..%2fadmin',
  '/v1/..%252f..%252fadmin',
  'users HTTP/1.1\r\nX: y',
  '‥',
  '．．',
  '..;',
  ':443@evil.com/',
  ':8080/',
  '//api.vendor.com@evil.com/',
  ' ',
  '\0',
  '...',
  '__proto__',
];

describe('path', () => {
  it.each(attacks)('keeps %j inside its one segment', (value) => {
    const url = new URL(base + path`/v1/things/${value}/parts`.value);
    expect(url.origin).toBe(base);
    expect(url.search + url.hash + url.username).toBe('');
    expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v1', 'things', value, 'parts']);
  });

  it.each(['', '.', '..', '../../admin', '..\\..\\admin', 'a/..', './a', 'a\\.\\b', '\ud800', 'a\udfff'])(
    'refuses %j, which cannot be a segment',
    (value) => {
      expect(() => path`/things/${value}`).toThrow(/empty, has a dot segment or is not well-formed/);
    },
  );

  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, {}, ['a'], true])(
    'refuses %j, which plain JavaScript could hand in',
    (value) => {
      // @ts-expect-error most of these are neither text nor a number
      expect(() => path`/things/${value}`).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    },
  );

  it('does not repeat a refused value', () => {
    expect(() => path`/things/${'secret\ud800'}`).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') }));
  });

  it('gives back exactly the values when it is decoded', () => {
    const anyCharacter = fc
      .integer({ max: 0x10ffff, min: 0 })
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point));
    const segment = fc
      .string({ unit: anyCharacter, minLength: 1 })
      .filter((text) => !text.split(/[\\/]/).some((part) => part === '.' || part === '..'));
    fc.assert(
      fc.property(segment, segment, fc.integer(), (first, second, number) => {
        const { pathname, origin } = new URL(base + path`/a/${first}/b/${second}/${number}`.value);
        expect(origin).toBe(base);
        expect(pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', first, 'b', second, String(number)]);
      }),
    );
  });

  it('has a template without values', () => {
    expect(path`/repos/${'acme'}/issues/${7}.json`).toMatchObject({
      value: '/repos/acme/issues/7.json',
      template: '/repos/{}/issues/{}.json',
    });
  });

  it.each([
    () => path`repos`,
    () => path``,
    () => path`//evil.com/${'a'}`,
    () => path`/a?b=${'c'}`,
    () => path`/a#${'c'}`,
    () => path`/a\\${'c'}`,
    () => path`/a/../${'c'}`,
    () => path`/./${'c'}`,
    () => path`/a/..`,
    () => path`/%2e%2e/${'c'}`,
    () => path`/a b`,
    () => path`/a\r\nX: y`,
    () => path`/．．/${'c'}`,
    () => path`${'a'}/b`,
  ])('refuses text that is no path of segments: %s', (make) => {
    expect(make).toThrow(/not a path of segments/);
  });

  it('refuses two values in one place, which could not be told apart', () => {
    expect(() => path`/things/${'a'}${'b'}`).toThrow(/two values in a row/);
  });

  it('refuses a text that was built elsewhere', () => {
    const built: unknown = '/../../admin';
    // @ts-expect-error a plain string is not a template
    expect(() => path(built)).toThrow(/not a template/);
    // @ts-expect-error nor is a list
    expect(() => path([built])).toThrow(/not a template/);
  });
});

describe('isRequestPath', () => {
  it('knows what path made, and nothing that came as JSON', () => {
    expect(isRequestPath(path`/a`)).toBe(true);
    expect(isRequestPath(JSON.parse(JSON.stringify(path`/a`)))).toBe(false);
    expect(isRequestPath('/a')).toBe(false);
    expect(isRequestPath(null)).toBe(false);
  });
});
