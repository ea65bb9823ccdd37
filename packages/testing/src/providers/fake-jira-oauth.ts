import type { FakeGrants } from './fake-grants.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';

/** A site of the stand-in that its app's grants reach. */
export interface FakeJiraSite {
  /** The cloud id, a UUID. */
  readonly id: string;
  /** First label of its address: acme for https://acme.atlassian.net. */
  readonly name: string;
}

/** Atlassian's authorization server: JSON both ways, a refresh token good for once, refused with 403. */
export function jiraOAuthRoutes(grants: FakeGrants, sites: readonly FakeJiraSite[]): ProviderRoutes {
  return {
    'GET /authorize': grants.authorize,
    'POST /oauth/token': ({ json, headers }) => {
      if (headers['content-type']?.startsWith('application/json') !== true) return refusal(400, 'invalid_request', 'The body is not JSON.');
      const fields = Object.entries(Object(json)).map(([name, value]): [string, string] => [name, String(value)]);
      const granted = grants.redeem(Object.fromEntries(fields));
      if (granted === 'client') return refusal(401, 'access_denied', 'Unauthorized');
      if (granted === 'code') return refusal(403, 'invalid_grant', 'Invalid authorization code');
      if (granted === 'refresh_token') return refusal(403, 'invalid_grant', 'Unknown or invalid refresh token.');
      const { accessToken, refreshToken, scopes } = granted;
      const refresh = scopes.includes('offline_access') && refreshToken !== undefined ? { refresh_token: refreshToken } : {};
      return { json: { access_token: accessToken, token_type: 'Bearer', expires_in: 3_600, scope: scopes.join(' '), ...refresh } };
    },
    'GET /oauth/token/accessible-resources': ({ headers }) => {
      const scopes = grants.find(headers['authorization']?.replace(/^Bearer /, ''))?.scopes;
      if (scopes === undefined) return { status: 401, json: { code: 401, message: 'Unauthorized' } };
      // Each product of a site is a resource of its own, under the site's id.
      const resource = ({ id, name }: FakeJiraSite, own: readonly string[]) => ({
        id,
        name,
        url: `https://${name}.atlassian.net`,
        scopes: [...own],
        avatarUrl: `https://site-admin-avatars.example.com/${name}.png`,
      });
      const confluence = sites.map((site) => resource(site, ['read:confluence-content.all']));
      const jira = sites.map((site) =>
        resource(
          site,
          scopes.filter((scope) => scope !== 'offline_access'),
        ),
      );
      return { json: [...confluence, ...jira] };
    },
  };
}

const refusal = (status: number, error: string, description: string): ProviderReply => ({
  status,
  json: { error, error_description: description },
});
