import { describe, expect, it } from 'vitest';
import { authFault } from './auth-fault.ts';
import type { AuthMethod } from './auth-method.ts';

const client = { type: 'client_credentials', tokenUrl: 'https://{site}.example.com/token' } as const;
const installation = {
  type: 'app_installation',
  algorithm: 'RS256',
  tokenUrl: 'https://api.example.com/v3/app/{installation}/tokens',
} as const;
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
    client,
    { ...client, issuer: 'https://example.com', clientAuthentication: 'post', parameters: { audience: 'x' }, scopes: ['a'] },
    { type: 'client_credentials', issuer: 'https://{site}.example.com' },
    installation,
    { ...installation, algorithm: 'EdDSA', audience: 'x', backdatedMs: 0, lifetimeMs: 3_600_000, headers: { 'user-agent': 'patchbay' } },
    { ...installation, answer: { token: 'accessToken', expiresAt: 'until' }, narrowedBy: ['repositories'] },
    { type: 'signature', signer: 'aws-sigv4', options: { region: '{region}' } },
    { type: 'secret_url', pattern: '/services/[A-Za-z0-9]+' },
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
    [{ type: 'secret_url' }, 'the pattern of its secret_url is no regular expression'],
    [{ type: 'secret_url', pattern: '/(' }, 'the pattern of its secret_url is no regular expression'],
    [{ type: 'secret_url', pattern: '.*' }, 'the pattern of its secret_url is no regular expression'],
    [{ type: 'client_credentials' }, 'names neither its addresses nor an issuer'],
    [{ ...client, tokenUrl: 'ftp://example.com/token' }, 'an address of its OAuth is no http(s) URL'],
    [{ ...client, clientAuthentication: 'none' }, "neither 'basic' nor 'post'"],
    [{ ...client, parameters: { client_secret: 'x' } }, 'the parameter client_secret, which the hub writes itself'],
    [{ ...client, parameters: { Grant_Type: 'x' } }, 'the parameter Grant_Type, which the hub writes itself'],
    [{ ...client, parameters: { client_assertion: 'x' } }, 'the parameter client_assertion, which the hub writes itself'],
    [{ ...installation, algorithm: 'HS256' }, 'the algorithm of its app_installation is none of'],
    [{ ...installation, tokenUrl: 'https://api.example.com/tokens' }, '{installation} as one segment'],
    [{ ...installation, tokenUrl: 'https://{installation}/tokens' }, '{installation} as one segment'],
    [{ ...installation, tokenUrl: 'https://api.example.com/a{installation}/tokens' }, '{installation} as one segment'],
    [{ ...installation, tokenUrl: 'https://me@api.example.com/{installation}' }, '{installation} as one segment'],
    [{ ...installation, tokenUrl: 'https://api.example.com/{installation}?a=b' }, '{installation} as one segment'],
    [{ ...installation, lifetimeMs: 60_000, backdatedMs: 60_000 }, 'must be longer than its backdatedMs'],
    [{ ...installation, lifetimeMs: 3_600_001 }, 'must be longer than its backdatedMs'],
    [{ ...installation, lifetimeMs: 1.5 }, 'must be longer than its backdatedMs'],
    [{ ...installation, headers: { Authorization: 'x' } }, 'a header that a connector cannot set'],
    [{ ...installation, headers: { 'x-a': 'b\r\nx-c: d' } }, 'a header that a connector cannot set'],
  ])('says of %j: %s', (method, fault) => {
    // As plain JavaScript would hand it in.
    expect(authFault(method as AuthMethod)).toContain(fault);
  });
});
