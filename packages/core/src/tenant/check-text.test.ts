import { describe, expect, it } from 'vitest';
import { checkTenant } from './check-tenant.ts';
import { checkKey, isName, isReference } from './check-text.ts';
import { pageRequest } from './read-cursor.ts';

describe('a name', () => {
  it.each(['a', ' a ', 'ünï 🚒', '__proto__', 'x'.repeat(200), "'; --"])('may be %j', (text) => {
    expect(isName(text)).toBe(true);
    expect(checkKey(text, 'key')).toBe(text);
    expect(checkTenant(text)).toBe(text);
  });

  it.each([
    '',
    ' ',
    '\u2003\u00a0',
    'a\u0000',
    '\u001f',
    '\u007f',
    '\u0085',
    '\ud83d',
    '\ude92a',
    'x'.repeat(201),
    null,
    undefined,
    7,
    {},
    ['a'],
  ])('may not be %j', (text) => {
    expect(isName(text)).toBe(false);
    expect(() => checkTenant(text)).toThrowError(expect.objectContaining({ code: 'tenant_missing' }));
    if (text !== undefined)
      expect(() => checkKey(text as string, 'key')).toThrowError(expect.objectContaining({ code: 'invalid_argument' }));
  });

  it('may be left out where it is a key', () => {
    expect(checkKey(undefined, 'key')).toBeUndefined();
  });
});

it('takes for a reference what a store can look up', () => {
  for (const text of ['a', ' ', 'desk/main', 'x'.repeat(500)]) expect(isReference(text)).toBe(true);
  for (const text of ['', 'a\u0000', '\ud800', 'x'.repeat(501), null, 7, {}]) expect(isReference(text)).toBe(false);
});

describe('a page', () => {
  it('is the newest fifty unless it is asked for otherwise', () => {
    expect(pageRequest({})).toEqual({ cursor: null, limit: 50 });
    expect(pageRequest({ cursor: 'c', limit: 500 })).toEqual({ cursor: 'c', limit: 500 });
  });

  it.each([
    { limit: 0 },
    { limit: 501 },
    { limit: Number.NaN },
    { limit: 1.5 },
    { limit: '5' },
    { limit: null },
    { cursor: 7 },
    { cursor: {} },
  ])('cannot be %j', (options) => {
    expect(() => pageRequest(options as object)).toThrowError(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
