import { createHash } from 'node:crypto';
import type { Credential } from '@patchbay/core';
import type { ProviderReply, ProviderRequest, ProviderRoutes } from '@patchbay/testing';

const accessToken = 'access-token-of-the-test';

/** An access token that the stand-in takes. */
export const credential: Credential = { type: 'oauth2', accessToken };

/** One that it refuses. */
export const wrongCredential: Credential = { type: 'oauth2', accessToken: 'another-token-of-the-test' };

/** The app that the stand-in knows. */
export const app = { clientId: 'client-of-the-test', clientSecret: 'secret-of-the-app-of-the-test' };

interface Permission {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly scope: string;
}

/** Who is let in, the routes of the authorization server, and every token that it gave. */
export function startLogin() {
  const codes = new Map<string, Permission>();
  const refreshTokens = new Map<string, string>();
  const given: string[] = [];
  const letIn = new Set([accessToken]);

  const authorize = ({ query }: ProviderRequest): ProviderReply => {
    const redirectUri = query.get('redirect_uri') ?? '';
    const back = URL.parse(redirectUri);
    if (query.get('client_id') !== app.clientId || back === null)
      return { status: 400, text: 'There is no such app, or no way back to it.' };
    back.searchParams.set('state', query.get('state') ?? '');
    if (query.get('decision') === 'deny') back.searchParams.set('error', 'access_denied');
    else {
      const code = `code-${codes.size + 1}`;
      codes.set(code, { redirectUri, challenge: query.get('code_challenge'), scope: query.get('scope') ?? '' });
      back.searchParams.set('code', code);
    }
    return { status: 302, headers: { location: back.href } };
  };

  const give = (scope: string): ProviderReply => {
    const number = given.length / 2 + 1;
    const [access, refresh] = [`access-token-${number}-of-the-test`, `refresh-token-${number}-of-the-test`];
    given.push(access, refresh);
    letIn.add(access);
    refreshTokens.set(refresh, scope);
    return {
      json: { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 3_600, scope },
      effect: true,
    };
  };

  /** A code is good for once, and a refresh token too. */
  const redeem = ({ body }: ProviderRequest): ProviderReply => {
    const fields = new URLSearchParams(body);
    if (fields.get('client_id') !== app.clientId || fields.get('client_secret') !== app.clientSecret)
      return { status: 401, json: { error: 'invalid_client' } };
    const scope = fields.get('grant_type') === 'refresh_token' ? renewed(fields) : allowed(fields);
    return scope === undefined ? { status: 400, json: { error: 'invalid_grant' } } : give(scope);
  };

  const renewed = (fields: URLSearchParams): string | undefined => {
    const token = fields.get('refresh_token') ?? '';
    const scope = refreshTokens.get(token);
    refreshTokens.delete(token);
    return scope;
  };

  const allowed = (fields: URLSearchParams): string | undefined => {
    const code = fields.get('code') ?? '';
    const permission = codes.get(code);
    // The number of the next code comes from how many there were, so a used one stays, and opens nothing.
    if (permission !== undefined) codes.set(code, { ...permission, redirectUri: '' });
    const verifier = createHash('sha256')
      .update(fields.get('code_verifier') ?? '')
      .digest('base64url');
    if (permission === undefined || permission.redirectUri !== fields.get('redirect_uri')) return undefined;
    return permission.challenge === null || permission.challenge === verifier ? permission.scope : undefined;
  };

  const routes: ProviderRoutes = { 'GET /oauth/authorize': authorize, 'POST /oauth/token': redeem };
  const isLetIn = ({ headers }: ProviderRequest): boolean => letIn.has((headers['authorization'] ?? '').replace('Bearer ', ''));
  return { isLetIn, routes, tokens: (): readonly string[] => given };
}
