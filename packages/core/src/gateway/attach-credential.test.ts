import { describe, expect, it } from 'vitest';
import type { HeldCredential } from '../connections/held-credential.ts';
import type { AuthMethod } from '../connector/auth-method.ts';
import { attachmentOf } from './attach-credential.ts';

const methods: readonly AuthMethod[] = [
  { type: 'none' },
  { type: 'bearer' },
  { type: 'basic' },
  { type: 'api_key', in: 'header', name: 'X-API-Key' },
  { type: 'headers', names: ['X-App-Id', 'X-App-Key'] },
];

describe('attachmentOf', () => {
  it('attaches each kind as its service wants it', () => {
    const header = (name: string, value: string) => ({ headers: [[name, value]], query: null });
    expect(attachmentOf(methods, { type: 'none' })).toEqual({ headers: [], query: null });
    expect(attachmentOf(methods, { type: 'bearer', token: 't' })).toEqual(header('authorization', 'Bearer t'));
    expect(attachmentOf(methods, { type: 'basic', username: 'ü', password: 'p:q' })).toEqual(
      header('authorization', `Basic ${Buffer.from('ü:p:q').toString('base64')}`),
    );
    expect(attachmentOf(methods, { type: 'api_key', key: 'k' })).toEqual(header('x-api-key', 'k'));
    expect(attachmentOf([{ type: 'api_key', in: 'query', name: 'key' }], { type: 'api_key', key: 'k' })).toEqual({
      headers: [],
      query: ['key', 'k'],
    });
    expect(attachmentOf([{ type: 'api_key', in: 'cookie', name: 'sid' }], { type: 'api_key', key: 'k=' })).toEqual(
      header('cookie', 'sid=k='),
    );
    expect(attachmentOf(methods, { type: 'headers', values: { 'x-app-key': 'k', 'X-APP-ID': 'i' } })).toEqual({
      headers: [
        ['x-app-id', 'i'],
        ['x-app-key', 'k'],
      ],
      query: null,
    });
  });

  it.each(['a;b', 'a b', 'a"b', 'a,b', 'a\\b', 'ü', ''])('refuses a key that would be another cookie: %j', (key) => {
    expect(() => attachmentOf([{ type: 'api_key', in: 'cookie', name: 'sid' }], { type: 'api_key', key })).toThrow(
      expect.objectContaining({ code: 'credential_missing', sent: 'no' }),
    );
  });

  it.each([
    [{ 'x-app-id': 'i' }],
    [{ 'x-app-id': 'i', 'x-app-key': 'k', 'x-more': 'm' }],
    [{ 'x-app-id': 'i', 'x-other': 'k' }],
    [{ 'x-app-id': 'i', 'X-App-Id': 'j' }],
  ])('refuses other headers than the connector names: %j', (values) => {
    expect(() => attachmentOf(methods, { type: 'headers', values })).toThrow(expect.objectContaining({ code: 'credential_missing' }));
  });

  it.each<[AuthMethod, HeldCredential]>([
    [
      { type: 'client_credentials', tokenUrl: 'https://example.com/token' },
      { type: 'client_credentials', clientId: 'me', clientSecret: 'secret-123456' },
    ],
    [
      { type: 'service_account', algorithm: 'RS256', audience: 'a', tokenUrl: 'https://example.com/token' },
      { type: 'service_account', issuer: 'me', privateKey: 'secret-123456' },
    ],
    [
      { type: 'app_installation', algorithm: 'RS256', tokenUrl: 'https://example.com/{installation}' },
      { type: 'app_installation', installation: '1' },
    ],
  ])('attaches the token that was asked for, and refuses to send without one: %j', (method, credential) => {
    const minted = { accessToken: 'token-1', obtainedAt: 0 };
    expect(attachmentOf([method], { ...credential, minted })).toEqual({ headers: [['authorization', 'Bearer token-1']], query: null });
    expect(() => attachmentOf([method], credential)).toThrow(
      expect.objectContaining({ code: 'credential_missing', sent: 'no', message: expect.not.stringContaining('secret-123456') }),
    );
  });

  it('refuses a kind that the connector does not take, rather than to send without', () => {
    expect(() => attachmentOf([{ type: 'bearer' }], { type: 'api_key', key: 'tok-123456' })).toThrow(
      expect.objectContaining({ code: 'credential_missing', sent: 'no', message: expect.not.stringContaining('tok-123456') }),
    );
    for (const credential of [
      { type: 'none' },
      { type: 'mutual_tls', certificate: 'c', privateKey: 'k' },
      { type: 'signature', fields: {} },
    ] as const)
      expect(() => attachmentOf([{ type: 'bearer' }], credential)).toThrow(expect.objectContaining({ code: 'credential_missing' }));
  });
});
