import { createHash, timingSafeEqual } from 'node:crypto';
import { systemClock } from '@patchbay/core/adapter';
import type { ProviderReply } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** An app that is registered at a stand-in, and how its grants behave. */
export interface FakeAppOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Seconds for which an access token is good; then it is renewed with a refresh token that is good for once. @default the service's own */
  readonly expiresIn?: number;
  /** Shows a page with an "Allow" and a "Cancel" to a person. @default the permission is given at once, or not with `decision=deny` in the query */
  readonly asks?: boolean;
}

/** A permission that somebody gave. */
export interface FakeGrant {
  readonly scopes: readonly string[];
  accessToken: string;
  refreshToken: string | undefined;
  /** The refresh token before this one, and when it was used. */
  used?: { readonly refreshToken: string; readonly at: number };
  /** Milliseconds since 1970; undefined where the token does not end. */
  endsAt: number | undefined;
}

/** Why a stand-in gives no token. */
export type FakeRefusal = 'client' | 'code' | 'refresh_token';

/** What a stand-in's authorization server keeps: codes and grants, each code and each refresh token good for once. */
export interface FakeGrants {
  /** Sends the browser back with a code, or without. Without a client or a way back it answers 400. */
  authorize(request: ProviderRequest): ProviderReply;
  /** What a token endpoint gives for these fields. */
  redeem(fields: Readonly<Record<string, string>>): FakeGrant | FakeRefusal;
  /** The grant whose access token this is, as long as it is good. */
  find(accessToken: string | undefined): FakeGrant | undefined;
  /** False where there is no such grant. */
  revoke(accessToken: string): boolean;
  /** True for the app's own id and secret. */
  isApp(clientId: string | undefined, clientSecret: string | undefined): boolean;
  /** Every token so far: what must never be seen. */
  tokens(): readonly string[];
}

/** What makes the grants of one service. */
export interface FakeGrantsOptions extends FakeAppOptions {
  /** @default the machine's clock */
  readonly now?: () => number;
  /** What stands between scopes in the address. */
  readonly scopeSeparator: string;
  /** Milliseconds for which a used refresh token is still taken. @default 0 */
  readonly graceMs?: number;
  /** How the service's tokens begin. */
  readonly prefixes: { readonly access: string; readonly refresh: string };
}

interface Code {
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  readonly challenge: string | null;
}

/** Makes what a stand-in's authorization server keeps. */
export function fakeGrants(options: FakeGrantsOptions): FakeGrants {
  const codes = new Map<string, Code>();
  const grants = new Set<FakeGrant>();
  const given: string[] = [];
  const isApp = (clientId = '', clientSecret = ''): boolean =>
    equal(clientId, options.clientId) && equal(clientSecret, options.clientSecret);
  const make = (prefix: string): string => {
    given.push(`${prefix}${createHash('sha256').update(`${prefix}${given.length}`).digest('hex').slice(0, 36)}`);
    return given.at(-1) ?? '';
  };
  const renew = (grant: FakeGrant): FakeGrant => {
    const { expiresIn, prefixes, now = systemClock.now } = options;
    if (grant.refreshToken !== undefined) grant.used = { refreshToken: grant.refreshToken, at: now() };
    grant.accessToken = make(prefixes.access);
    grant.refreshToken = expiresIn === undefined ? undefined : make(prefixes.refresh);
    grant.endsAt = expiresIn === undefined ? undefined : now() + expiresIn * 1_000;
    grants.add(grant);
    return grant;
  };
  return {
    authorize: (request) =>
      authorize(options, request, (code) => {
        const name = make('code');
        codes.set(name, code);
        return name;
      }),
    redeem({ client_id: id, client_secret: secret, grant_type: type = 'authorization_code', ...fields }) {
      if (!isApp(id, secret)) return 'client';
      if (type === 'refresh_token') {
        const grant = [...grants].find((each) => isTaken(options, each, fields['refresh_token']));
        return grant ? renew(grant) : 'refresh_token';
      }
      const code = codes.get(fields['code'] ?? '');
      codes.delete(fields['code'] ?? '');
      if (code === undefined || code.redirectUri !== fields['redirect_uri'] || !proves(code, fields['code_verifier'])) return 'code';
      return renew({ scopes: code.scopes, accessToken: '', refreshToken: undefined, endsAt: undefined });
    },
    find: (accessToken) =>
      [...grants].find((grant) => grant.accessToken === accessToken && (grant.endsAt ?? Infinity) > (options.now ?? systemClock.now)()),
    revoke: (accessToken) => [...grants].filter((grant) => grant.accessToken === accessToken && grants.delete(grant)).length > 0,
    isApp,
    tokens: () => given.filter((token) => !token.startsWith('code')),
  };
}

function isTaken(
  { graceMs = 0, now = systemClock.now }: FakeGrantsOptions,
  { refreshToken, used }: FakeGrant,
  given: string | undefined,
): boolean {
  if (given === undefined) return false;
  return given === refreshToken || (given === used?.refreshToken && now() - used.at < graceMs);
}

function authorize(options: FakeGrantsOptions, { query, path }: ProviderRequest, keep: (code: Code) => string): ProviderReply {
  const [redirectUri, state] = [query.get('redirect_uri'), query.get('state')];
  const back = redirectUri === null ? null : URL.parse(redirectUri);
  if (query.get('client_id') !== options.clientId || redirectUri === null || back === null)
    return { status: 400, text: 'There is no such app, or no way back to it.' };
  const decision = query.get('decision') ?? (options.asks === true ? 'ask' : 'allow');
  if (decision === 'ask') return askingPage(path, query);
  if (state !== null) back.searchParams.set('state', state);
  const scopes = (query.get('scope') ?? '').split(options.scopeSeparator).filter(Boolean);
  if (decision === 'allow') back.searchParams.set('code', keep({ scopes, redirectUri, challenge: query.get('code_challenge') }));
  else back.searchParams.set('error', 'access_denied');
  return { status: 302, headers: { location: back.href } };
}

/** What a person sees: who asks for what, and two ways on. */
function askingPage(path: string, query: URLSearchParams): ProviderReply {
  const link = (decision: string): string => {
    const next = new URLSearchParams(query);
    next.set('decision', decision);
    return escapeHtml(`${path}?${next}`);
  };
  const scope = escapeHtml(query.get('scope') ?? '');
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in: permission</title>
<main><h1>Give the permission?</h1><p>An app asks for: <code>${scope}</code>. This page stands in for the service.</p>
<p><a href="${link('allow')}">Allow</a> <a href="${link('deny')}">Cancel</a></p></main></html>`;
  return { headers: { 'content-type': 'text/html; charset=utf-8' }, text };
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** RFC 7636, S256. */
function proves({ challenge }: Code, verifier = ''): boolean {
  return challenge === null || createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/** The token of `Authorization: Bearer`. */
export const bearerOf = ({ headers }: Pick<ProviderRequest, 'headers'>): string | undefined =>
  /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
