import { defineConnector, path } from '@patchbay/core';
import { createTestHub, type ProviderReply, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';

/** A site as the tests' service lists it. */
export interface WikiSite {
  readonly id: string;
  readonly label: string;
}

const listed = z.array(z.object({ id: z.string(), label: z.string() }));
const account = z.object({ id: z.string(), name: z.string() });

/** A connector whose grants reach several sites: with OAuth it goes to another origin than with a token, and to a path of the site. */
const wiki = (origin: string) =>
  defineConnector({
    id: 'wiki',
    name: 'Wiki',
    description: 'Keeps pages.',
    version: '1.0.0',
    category: 'documentation',
    auth: [
      { type: 'bearer' },
      {
        type: 'oauth2',
        authorizationUrl: `${origin}/authorize`,
        tokenUrl: `${origin}/token`,
        scopes: ['offline_access'],
        origin,
        basePath: '/at/{siteId}/api',
      },
    ],
    origin: 'http://{site}.wiki.example.com',
    basePath: '/api',
    settings: z.strictObject({ site: z.string().optional(), siteId: z.string().optional() }),
    scopes: [{ scope: 'read:me', reason: 'To name the account.' }],
    actions: {},
    triggers: {},
    async findSites({ http }) {
      const sites = await http.get(path`/sites`, { response: listed });
      return sites.map(({ id, label }) => ({
        id,
        name: label,
        url: `https://${label}.wiki.example.com`,
        settings: { siteId: id, site: label },
      }));
    },
    async healthCheck({ http }) {
      return { healthy: true, account: await http.get(path`/me`, { response: account }) };
    },
  });

/** The connector with its service, whose grants reach the `sites` and belong to the `account`. */
export async function wikiStage() {
  const world: { sites: readonly WikiSite[]; me: ProviderReply; scope: string } = {
    sites: [{ id: 'a1', label: 'acme' }],
    me: { json: { id: 'u-1', name: 'Mona' } },
    scope: 'read:me',
  };
  const provider = await startFakeProvider({
    routes: {
      'POST /token': () => ({
        json: {
          access_token: 'wiki-access-token',
          refresh_token: 'wiki-refresh-token',
          token_type: 'bearer',
          expires_in: 3_600,
          scope: world.scope,
        },
      }),
      'GET /sites': () => ({ json: world.sites.map((site) => ({ ...site })) }),
      'GET /at/:site/api/me': () => world.me,
    },
  });
  const test = createTestHub({
    connectors: [wiki(provider.origin)],
    publicUrl: 'https://host.example.com/hub',
    apps: { wiki: { oauth: { clientId: 'client-1', clientSecret: 'client-secret-1234567890' } } },
  });
  const acme = test.tenant('acme');
  return {
    provider,
    test,
    acme,
    world,
    /** A person who gives the permission, and comes back. */
    async connect(settings: Readonly<Record<string, string>> = {}) {
      const { url } = await acme.oauth.beginConnect({ connector: 'wiki', name: 'main', hostUser: 'user-1', returnTo: '/done', settings });
      const query = new URLSearchParams({ code: 'code-1', state: new URL(url).searchParams.get('state') ?? '' });
      const back = await test.hub.handler(new Request(`https://host.example.com/hub/oauth/callback/wiki?${query}`));
      const flowId = new URL(back.headers.get('location') ?? '').searchParams.get('flow') ?? '';
      return acme.oauth.completeConnect({ flowId, hostUser: 'user-1' });
    },
    async close() {
      await test.close();
      await provider.close();
    },
  };
}
