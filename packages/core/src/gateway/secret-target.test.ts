import { describe, expect, it } from 'vitest';
import { path } from '../connector/path.ts';
import { secretUrl } from '../connector/secret-url.ts';
import { secretTarget, secretTargetOf } from './secret-target.ts';

const origin = 'https://hooks.example.com';
const methods = [{ type: 'bearer' }, { type: 'secret_url', pattern: '/services/[A-Z0-9]+/[a-z]+' }] as const;
const targetOf = (url: string) => secretTarget(methods, { type: 'secret_url', url }, origin);

describe('secretTarget', () => {
  it('is path and query of a URL that the connector takes', () => {
    expect(targetOf(`${origin}/services/T1/abc`)).toBe('/services/T1/abc');
    expect(secretTarget(methods, { type: 'bearer', token: 'x' }, origin)).toBeNull();
  });

  it.each([
    'https://evil.example.com/services/T1/abc',
    'http://hooks.example.com/services/T1/abc',
    'https://hooks.example.com:444/services/T1/abc',
    'https://hooks.example.com.evil.example.com/services/T1/abc',
    'https://HOOKS.example.com/services/T1/abc',
    'https://hooks.example.com/services/T1/abc/more',
    'https://hooks.example.com/services/T1/abc?a=b',
    'https://hooks.example.com/services/../services/T1/abc',
    'https://hooks.example.com/api/T1/abc',
    'nothing',
  ])('refuses %s, and does not repeat it', (url) => {
    expect(() => targetOf(url)).toThrow(expect.objectContaining({ code: 'credential_missing', sent: 'no' }));
    expect(() => targetOf(url)).not.toThrow(url);
  });
});

describe('secretTargetOf', () => {
  it('is the URL where it is asked for, and nothing where neither is one', () => {
    expect(secretTargetOf(secretUrl(), undefined, '/services/T1/abc')).toBe('/services/T1/abc');
    expect(secretTargetOf(path`/users`, undefined, null)).toBeUndefined();
  });

  it.each([
    ['the URL, with a token', secretUrl(), undefined, null],
    ['another path, with a URL', path`/users`, undefined, '/services/T1/abc'],
    ['the root, with a URL', path`/`, undefined, '/services/T1/abc'],
    ['the URL at another host', secretUrl(), 'uploads', '/services/T1/abc'],
    ['another path at another host, with a URL', path`/users`, 'uploads', '/services/T1/abc'],
  ])('refuses %s', (_what, asked, host, target) => {
    expect(() => secretTargetOf(asked, host, target)).toThrow(expect.objectContaining({ code: 'unsupported', sent: 'no' }));
  });
});
