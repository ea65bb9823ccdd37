import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeGrants, fakeGrants } from './fake-grants.ts';
import type { ProviderRequest } from './provider-request.ts';

const app = { clientId: 'client-1', clientSecret: 'secret-1' };
const proof = { client_id: app.clientId, client_secret: app.clientSecret };
const redirectUri = 'https://host.example.com/back';

let now: number;
let grants: FakeGrants;
beforeEach(() => {
  now = 0;
  grants = make();
});

const make = (options: { readonly asks?: boolean } = {}) =>
  fakeGrants({ ...app, ...options, expiresIn: 60, now: () => now, scopeSeparator: ' ', prefixes: { access: 'a-', refresh: 'r-' } });

function asked(fields: Readonly<Record<string, string>>): ProviderRequest {
  const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri, state: 's-1', scope: 'one two', ...fields });
  return { method: 'GET', target: '', path: '/authorize', query, parameters: {}, headers: {}, body: '', json: undefined };
}

const sentBack = (fields: Readonly<Record<string, string>> = {}) => new URL(grants.authorize(asked(fields)).headers?.['location'] ?? '');
const codeFor = (fields: Readonly<Record<string, string>> = {}) => sentBack(fields).searchParams.get('code') ?? '';

describe('a stand-in’s authorization server', () => {
  it('sends the browser back with a code and its state, and with an error where the address says so', () => {
    expect(sentBack().href).toMatch(/^https:\/\/host\.example\.com\/back\?state=s-1&code=code\w+$/);
    expect(sentBack({ decision: 'deny' }).search).toBe('?state=s-1&error=access_denied');
  });

  it('sends nobody back for an app that it does not know', () => {
    expect(grants.authorize(asked({ client_id: 'another' }))).toMatchObject({ status: 400 });
  });

  it('gives tokens for a code once, to its app, at its address', () => {
    const code = codeFor();
    expect(grants.redeem({ ...proof, client_secret: 'x', code, redirect_uri: redirectUri })).toBe('client');
    expect(grants.redeem({ ...proof, code, redirect_uri: redirectUri })).toMatchObject({ scopes: ['one', 'two'] });
    expect(grants.redeem({ ...proof, code, redirect_uri: redirectUri })).toBe('code');
    expect(grants.redeem({ ...proof, code: codeFor(), redirect_uri: 'https://evil.example' })).toBe('code');
  });

  it('holds a verifier against its challenge', () => {
    const challenge = createHash('sha256').update('verifier').digest('base64url');
    const redeem = (verifier: Readonly<Record<string, string>>) =>
      grants.redeem({ ...proof, code: codeFor({ code_challenge: challenge }), redirect_uri: redirectUri, ...verifier });
    expect([redeem({}), redeem({ code_verifier: 'another' })]).toEqual(['code', 'code']);
    expect(redeem({ code_verifier: 'verifier' })).toHaveProperty('accessToken');
  });

  it('lets a token in until it ends, and renews it with a refresh token that is good once', () => {
    const granted = grants.redeem({ ...proof, code: codeFor(), redirect_uri: redirectUri });
    if (typeof granted === 'string') throw new Error(granted);
    const { accessToken, refreshToken = '' } = granted;
    expect(grants.find(accessToken)).toBe(granted);
    now = 60_000;
    expect(grants.find(accessToken)).toBeUndefined();
    const renew = () => grants.redeem({ ...proof, grant_type: 'refresh_token', refresh_token: refreshToken });
    expect([typeof renew(), renew()]).toEqual(['object', 'refresh_token']);
    expect([grants.revoke(granted.accessToken), grants.revoke(granted.accessToken)]).toEqual([true, false]);
    expect(grants.tokens()).toHaveLength(4);
  });

  it('asks a person, on a page that shows what it is asked for as text', () => {
    const { text } = make({ asks: true }).authorize(asked({ scope: '<b>"all"</b>' }));
    expect(text).toContain('&#60;b&#62;');
    expect(text).not.toContain('<b>');
    expect(text).toMatch(/<a href="\/authorize\?[^"<>]*decision=deny">Cancel<\/a>/);
  });
});
