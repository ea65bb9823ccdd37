import type { FakeGrant, FakeGrants } from './fake-grants.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';

/** What makes Slack's authorization server. */
export interface SlackOAuth {
  readonly grants: FakeGrants;
  readonly now: () => number;
  /** Whose token a permission brings: the app's at the top of the answer, or the person's in `authed_user`, beside one of the app's. */
  readonly tokens: 'bot' | 'user';
}

/** Slack's authorization server: errors in the body, with status 200. */
export function slackOAuthRoutes({ grants, now, tokens }: SlackOAuth): ProviderRoutes {
  const isUser = tokens === 'user';
  return {
    'GET /oauth/v2/authorize': (request) => {
      const query = new URLSearchParams(request.query);
      query.set('scope', request.query.get(isUser ? 'user_scope' : 'scope') ?? '');
      return grants.authorize({ ...request, query });
    },
    'POST /api/oauth.v2.access': ({ body }) => {
      const fields = Object.fromEntries(new URLSearchParams(body));
      const granted = grants.redeem(fields);
      if (typeof granted === 'string') return refusal(refusals[granted]);
      if (!isUser) return { json: { ...installation, ...tokensOf(granted, now(), 'bot') } };
      // A renewal has the one pair that was renewed, at the top; the first answer has both.
      const own = tokensOf(granted, now(), 'user');
      if (fields['grant_type'] === 'refresh_token') return { json: { ...installation, ...own } };
      const app = {
        access_token: 'xoxb-of-the-app-0000',
        token_type: 'bot',
        scope: 'chat:write',
        refresh_token: 'xoxe-of-the-app-0000',
        expires_in: 1,
      };
      return { json: { ...installation, ...app, authed_user: { id: 'U00000002', ...own } } };
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

function tokensOf({ accessToken, refreshToken, scopes, endsAt }: FakeGrant, now: number, type: 'bot' | 'user') {
  const tokens = { access_token: accessToken, token_type: type, scope: scopes.join(',') };
  if (refreshToken === undefined || endsAt === undefined) return tokens;
  return { ...tokens, refresh_token: refreshToken, expires_in: Math.round((endsAt - now) / 1_000) };
}

const refusal = (error: string): ProviderReply => ({ json: { ok: false, error } });
