import { describe, expect, it } from 'vitest';
import { customHeaders } from './custom-headers.ts';

const refused = (headers: unknown): string => {
  try {
    customHeaders(headers);
    return 'passed';
  } catch (error) {
    return String(error);
  }
};

describe('headers of the tenant', () => {
  it('are kept by lower-case name', () => {
    expect(customHeaders({ 'X-Shop': 'north', accept: 'application/json' })).toEqual({ 'x-shop': 'north', accept: 'application/json' });
    expect(customHeaders(undefined)).toEqual({});
  });

  it.each([
    ...['host', 'connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-authorization', 'proxy-connection'],
    ...['authorization', 'cookie', 'content-type', 'content-length', 'content-encoding', 'accept-encoding', 'user-agent', 'expect', 'via'],
    ...['webhook-id', 'webhook-timestamp', 'webhook-signature', 'Webhook-Signature', 'svix-id', 'x-webhook-signature', 'x-patchbay-id'],
    ...[
      'x-forwarded-for',
      'X-Forwarded-Host',
      'x-real-ip',
      'x-original-url',
      'x-rewrite-url',
      'x-http-method-override',
      'x-amz-security-token',
    ],
    ...['', ' x-a', 'x-a ', 'x_a', 'x-', 'x-a\r\nhost', 'x-ä', '__proto__', `x-${'a'.repeat(100)}`],
  ])('named %j are refused', (name) => {
    expect(refused(Object.fromEntries([[name, 'value']]))).toMatch(/cannot be set/);
  });

  it.each(['', ' a', 'a ', 'a\r\nb', 'a\nb', 'a\u0000b', 'ä', 'a'.repeat(1_001), 7, null])('with the value %j are refused', (value) => {
    const said = refused({ 'x-shop': value });
    expect(said).toMatch(/is not 1 to 1000 visible/);
    expect(said).not.toContain('aaaa');
  });

  it('are twenty at most, each named once, in an object', () => {
    const many = Array.from({ length: 21 }, (_, index) => [`x-h${index}`, 'v']);
    expect(refused(Object.fromEntries(many))).toMatch(/at most 20/);
    expect(refused({ 'x-a': '1', 'X-A': '2' })).toMatch(/twice/);
    expect(refused(['x-a'])).toMatch(/names and texts/);
  });
});
