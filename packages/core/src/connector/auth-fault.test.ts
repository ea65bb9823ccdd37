import { describe, expect, it } from 'vitest';
import { authFault } from './auth-fault.ts';
import type { AuthMethod } from './auth-method.ts';

const account = { type: 'service_account', algorithm: 'RS256', audience: 'https://api.example.com' } as const;

describe('authFault', () => {
  it.each<AuthMethod>([
    { type: 'none' },
    { type: 'bearer', description: 'A token.' },
    { type: 'api_key', in: 'cookie', name: 'sid' },
    { type: 'api_key', in: 'query', name: 'any name' },
    { type: 'headers', names: ['X-App-Id', 'X-App-Key'] },
    account,
    { ...account, tokenUrl: 'https://auth.example.com/token', scopes: ['read'] },
    { type: 'mutual_tls' },
    { type: 'signature', signer: 'aws-sigv4', options: { region: '{region}' } },
  ])('finds nothing wrong with %j', (method) => {
    expect(authFault(method)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [{ type: 'oauth1' }, 'its auth type oauth1 is none of'],
    [{ type: 'api_key', in: 'body', name: 'key' }, 'its api_key goes into none of header, query, cookie'],
    [{ type: 'api_key', in: 'cookie', name: 'a=b; c' }, 'its api_key has no name that a cookie can have'],
    [{ type: 'api_key', in: 'header', name: 'a b' }, 'its api_key has no name that a header can have'],
    [{ type: 'headers', names: [] }, 'its headers name none'],
    [{ type: 'headers', names: ['x-key', 'X-Key'] }, 'its headers have a name that a header cannot have, or one twice'],
    [{ ...account, algorithm: 'none' }, 'the algorithm of its service_account is none of RS256, ES256, EdDSA'],
    [{ ...account, audience: '' }, 'its service_account names no audience'],
    [{ ...account, tokenUrl: 'https://user@auth.example.com/' }, 'the tokenUrl of its service_account'],
    [{ ...account, tokenUrl: 'ftp://auth.example.com/' }, 'the tokenUrl of its service_account'],
    [{ type: 'signature' }, 'its signature names no signer'],
  ])('says of %j: %s', (method, fault) => {
    // As plain JavaScript would hand it in.
    expect(authFault(method as AuthMethod)).toContain(fault);
  });
});
