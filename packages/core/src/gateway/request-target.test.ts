import { describe, expect, it } from 'vitest';
import { path } from '../connector/path.ts';
import { requestTarget } from './request-target.ts';

const place = { origin: 'https://api.vendor.com', basePath: '/v1' };
const hostile = [
  'https://evil.com/x',
  '@evil.com/',
  '.evil.com/',
  '#x',
  '/\\evil.com',
  '\\\\evil.com',
  'javascript:1',
  'data:,x',
  '/%5cevil.com',
  '/v1/..%252f..%252fadmin',
  '/v1/users HTTP/1.1\r\nX: y',
  '/v1/‥/',
  '/v1/．．/admin',
  ':443@evil.com/',
  ':8080/',
  '//evil.com/x',
  '//api.vendor.com@evil.com/',
  '/\t/evil.com',
  '/..;/admin',
  '?key=1',
];

/** A path as foreign code could forge it, past the tag. */
const raw = (value: string, basePath = place.basePath): string => requestTarget({ ...place, basePath }, value, '');
const isWithin = (target: string): boolean => {
  const url = new URL(target, place.origin);
  return url.origin === place.origin && url.pathname.startsWith('/v1/') && !url.username;
};

describe('requestTarget', () => {
  it('puts base path, path and query together', () => {
    expect(requestTarget(place, path`/users/${'a b/c'}`.value, 'q=1')).toBe('/v1/users/a%20b%2Fc?q=1');
    expect(requestTarget({ ...place, basePath: '' }, '/users', '')).toBe('/users');
  });

  it.each(hostile)('stays below the origin and the base path for the value %j', (value) => {
    const target = requestTarget(place, path`/items/${value}/end`.value, '');
    expect(new URL(target, place.origin).origin).toBe(place.origin);
    expect(target).toBe(`/v1/items/${encodeURIComponent(value)}/end`);
    expect(new URL(target, place.origin).pathname).toBe(target);
  });

  it.each(hostile)('refuses the forged path %j, or leaves it inside', (value) => {
    for (const forged of [value, `/${value}`, `/items/${value}`]) {
      let target: string;
      try {
        target = raw(forged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'egress_refused', sent: 'no' });
        continue;
      }
      expect(isWithin(target)).toBe(true);
    }
  });

  it.each(['/../admin', '/./a', '/%2e%2e/admin', '/a/%2E%2e/b', '/a\\..\\b', '/a?b=1', '/a#b', '/ü', '/a b', '/a\tb', '/a\nb', 'a', ''])(
    'refuses the forged path %j outright',
    (value) => {
      expect(() => raw(value)).toThrow(expect.objectContaining({ code: 'egress_refused' }));
    },
  );

  it('refuses a path that would be read as a host where there is no base path', () => {
    for (const value of ['//evil.com/x', '/\\evil.com', '///evil.com'])
      expect(() => raw(value, '')).toThrow(expect.objectContaining({ code: 'egress_refused' }));
  });
});
