import type { FakeGrant, FakeGrants } from './fake-grants.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** GitHub's authorization server. Tokens that end are those of a GitHub App, which has permissions in place of scopes. */
export function githubOAuthRoutes(grants: FakeGrants, now: () => number): ProviderRoutes {
  return {
    'GET /login/oauth/authorize': grants.authorize,
    'POST /login/oauth/access_token': (request) => {
      const granted = grants.redeem(Object.fromEntries(new URLSearchParams(request.body)));
      return answer(request, typeof granted === 'string' ? refusals[granted] : tokensOf(granted, now()));
    },
    'DELETE /applications/:client/grant': (request) => {
      if (request.headers['user-agent'] === undefined)
        return { status: 403, json: { message: 'Request forbidden by administrative rules.' } };
      const [id, secret] = Buffer.from(request.headers['authorization']?.replace(/^Basic /, '') ?? '', 'base64')
        .toString()
        .split(':', 2);
      if (!grants.isApp(id, secret) || request.parameters['client'] !== id) return { status: 404, json: { message: 'Not Found' } };
      const token: unknown = Object(request.json)['access_token'];
      if (typeof token === 'string' && grants.revoke(token)) return { status: 204, effect: true };
      return { status: 422, json: { message: 'Validation Failed' } };
    },
  };
}

type Fields = Readonly<Record<string, string | number>>;

const refusals = {
  client: { error: 'incorrect_client_credentials', error_description: 'The client_id and/or client_secret passed are incorrect.' },
  code: { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' },
  refresh_token: { error: 'bad_refresh_token', error_description: 'The refresh token passed is incorrect or expired.' },
} as const;

function tokensOf({ accessToken, refreshToken, scopes, endsAt }: FakeGrant, now: number): Fields {
  const tokens = { access_token: accessToken, token_type: 'bearer' };
  if (refreshToken === undefined || endsAt === undefined) return { ...tokens, scope: scopes.join(',') };
  const expiry = { expires_in: Math.round((endsAt - now) / 1_000), refresh_token_expires_in: 15_897_600 };
  return { ...tokens, scope: '', refresh_token: refreshToken, ...expiry };
}

/** GitHub answers in a form unless it is asked for JSON, and always with 200. */
function answer({ headers }: ProviderRequest, json: Fields): ProviderReply {
  if (headers['accept']?.includes('application/json') === true) return { json: { ...json } };
  const form = new URLSearchParams(Object.entries(json).map(([name, value]): [string, string] => [name, String(value)]));
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: form.toString() };
}
