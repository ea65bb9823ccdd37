import type { FakeGrant, FakeGrants } from './fake-grants.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';

/** Slack's authorization server: errors in the body, with status 200. */
export function slackOAuthRoutes(grants: FakeGrants, now: () => number): ProviderRoutes {
  return {
    'GET /oauth/v2/authorize': grants.authorize,
    'POST /api/oauth.v2.access': ({ body }) => {
      const granted = grants.redeem(Object.fromEntries(new URLSearchParams(body)));
      return typeof granted === 'string' ? refusal(refusals[granted]) : { json: { ...installation, ...tokensOf(granted, now()) } };
    },
    'POST /api/auth.revoke': ({ headers }) => {
      const token = headers['authorization']?.replace(/^Bearer /, '') ?? '';
      return grants.revoke(token) ? { json: { ok: true, revoked: true }, effect: true } : refusal('invalid_auth');
    },
  };
}

const refusals = { client: 'bad_client_secret', code: 'invalid_code', refresh_token: 'invalid_refresh_token' } as const;

const installation = {
  ok: true,
  app_id: 'A00000001',
  authed_user: { id: 'U00000002' },
  bot_user_id: 'U00000001',
  team: { id: 'T00000001', name: 'Acme' },
  enterprise: null,
  is_enterprise_install: false,
};

function tokensOf({ accessToken, refreshToken, scopes, endsAt }: FakeGrant, now: number) {
  const tokens = { access_token: accessToken, token_type: 'bot', scope: scopes.join(',') };
  if (refreshToken === undefined || endsAt === undefined) return tokens;
  return { ...tokens, refresh_token: refreshToken, expires_in: Math.round((endsAt - now) / 1_000) };
}

const refusal = (error: string): ProviderReply => ({ json: { ok: false, error } });
