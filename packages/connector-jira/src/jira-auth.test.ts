import { createTestHub, type FakeJiraOptions, fakeJira, visitService } from '@patchbay/testing';
import { exchangeAuthorizationCode, generateAuthorizationUrl, getAccessibleResources, refreshOAuth2Token } from 'jira.js';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { account } from './__fixtures__/jira-stage.ts';
import { jira } from './jira.ts';
import { jiraSites } from './jira-schemas.ts';

const app = { clientId: 'client-of-the-tests', clientSecret: 'secret-of-the-app-0123456789' };
const sites = [
  { id: '11111111-2222-4333-8444-555555555555', name: 'acme' },
  { id: '66666666-7777-4888-8999-000000000000', name: 'globex' },
];
const callback = 'https://host.example.com/hub/oauth/callback/jira';

afterEach(() => vi.unstubAllGlobals());

/** A hub with the connector against a stand-in that knows the app. */
async function jiraHub(options: Partial<FakeJiraOptions['app']> = {}) {
  const world = { now: Date.UTC(2026, 0, 1) };
  const provider = await fakeJira({ ...account, app: { ...app, ...options }, now: () => world.now });
  const { origin } = provider;
  const test = createTestHub({ connectors: [jira({ oauthOrigin: origin, apiOrigin: origin })], apps: { jira: { oauth: app } } });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const begin = async (settings: Readonly<Record<string, string>> = {}) =>
    new URL((await acme.oauth.beginConnect({ connector: 'jira', name: 'ops', hostUser: 'user-1', returnTo: '/done', settings })).url);
  const connect = async (settings: Readonly<Record<string, string>> = {}) => {
    const back = await visitService(test.hub, await begin(settings));
    return acme.oauth.completeConnect({ flowId: back.get('flow') ?? '', hostUser: 'user-1' });
  };
  const advance = async (milliseconds: number) => {
    world.now += milliseconds;
    await test.clock.advance(milliseconds);
  };
  return { provider, test, acme, begin, connect, advance };
}

const requestsOf = ({ provider }: Awaited<ReturnType<typeof jiraHub>>, path: string) =>
  provider.requests.filter((request) => request.path === path);

/** Where jira.js sends a request, and what; nothing leaves the test. */
async function vendorRequest(use: () => Promise<unknown>) {
  const sent: { readonly url: string; readonly method: string | undefined; readonly body: unknown }[] = [];
  vi.stubGlobal('fetch', async (url: string, { method, body }: RequestInit) => {
    sent.push({ url, method, body: body === undefined ? undefined : JSON.parse(String(body)) });
    return Response.json({});
  });
  await use();
  vi.unstubAllGlobals();
  return sent[0];
}

describe('OAuth at Atlassian', () => {
  it('asks at the address, and with the parameters, that jira.js does', async () => {
    const { begin } = await jiraHub();
    const ours = await begin();
    const fields = Object.fromEntries(ours.searchParams);
    const scopes = (fields['scope'] ?? '').split(' ');
    const theirs = new URL(
      generateAuthorizationUrl({ clientId: app.clientId, scopes, redirectUri: callback, state: fields['state'] ?? '' }),
    );
    expect(fields).toEqual(Object.fromEntries(theirs.searchParams));
    expect(scopes.toSorted()).toEqual([
      'manage:jira-project',
      'offline_access',
      'read:board-scope:jira-software',
      'read:jira-user',
      'read:jira-work',
      'read:project:jira',
      'read:sprint:jira-software',
      'write:jira-work',
      'write:sprint:jira-software',
    ]);
    const method = jira().manifest.auth.find(({ type }) => type === 'oauth2');
    expect(method).toMatchObject({ authorizationUrl: `${theirs.origin}${theirs.pathname}` });
  });

  it('asks for no more than the actions need that will be used', async () => {
    const { acme } = await jiraHub();
    const asked = { connector: 'jira', name: 'ops', hostUser: 'user-1', returnTo: '/done', actions: ['create_issue', 'create_version'] };
    const { url } = await acme.oauth.beginConnect(asked);
    expect(new URL(url).searchParams.get('scope')?.split(' ').toSorted()).toEqual([
      'manage:jira-project',
      'offline_access',
      'read:jira-user',
      'read:jira-work',
      'write:jira-work',
    ]);
  });

  it('asks for tokens, renews them and looks for sites as jira.js does', async () => {
    const stage = await jiraHub();
    await stage.connect();
    await stage.advance(3_600_000);
    expect((await stage.acme.connections.test('ops')).healthy).toBe(true);
    const bodies = requestsOf(stage, '/oauth/token').map(({ body }) => JSON.parse(body));
    const { clientId, clientSecret } = app;
    const exchange = await vendorRequest(() =>
      exchangeAuthorizationCode({ clientId, clientSecret, code: bodies[0].code, redirectUri: callback }),
    );
    const refresh = await vendorRequest(() => refreshOAuth2Token({ clientId, clientSecret, refreshToken: bodies[1].refresh_token }));
    expect(bodies).toEqual([exchange?.body, refresh?.body]);
    const resources = await vendorRequest(() => getAccessibleResources('token'));
    const { origin } = new URL(resources?.url ?? '');
    expect(jira().manifest.auth).toMatchObject([
      { type: 'oauth2', tokenUrl: exchange?.url, origin },
      { type: 'basic' },
      { type: 'client_credentials', tokenUrl: exchange?.url, origin },
      { type: 'headers', origin },
    ]);
    expect(requestsOf(stage, new URL(resources?.url ?? '').pathname)).toHaveLength(1);
  });

  it('goes to the site’s cloud id with OAuth, and needs no site in the settings', async () => {
    const stage = await jiraHub();
    const { connection } = await stage.connect();
    expect(connection).toMatchObject({
      status: 'active',
      settings: { cloudId: sites[0]?.id, site: 'acme' },
      externalAccountName: 'Patchbay',
    });
    const input = { project: 'OPS', summary: 'x' };
    const { dispatchId } = await stage.acme.actions.execute('jira.create_issue', { connection: 'ops', input });
    await stage.test.settled({ withinMs: 0 });
    expect(await stage.acme.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded' });
    expect(stage.provider.effects()).toMatchObject([{ path: `/ex/jira/${sites[0]?.id}/rest/api/3/issue` }]);
  });

  it('leaves the choice among several sites to the person, unless the site was named', async () => {
    const stage = await jiraHub({ sites });
    const { connection, sites: offered } = await stage.connect();
    expect([connection.status, offered.map(({ id, url }) => [id, url])]).toEqual([
      'initializing',
      sites.map(({ id, name }) => [id, `https://${name}.atlassian.net`]),
    ]);
    const chosen = await stage.acme.oauth.chooseSite({ connection: 'ops', site: sites[1]?.id ?? '' });
    expect(chosen).toMatchObject({ status: 'active', settings: { site: 'globex', cloudId: sites[1]?.id } });
    expect((await stage.connect({ site: 'acme' })).connection.settings).toEqual({ site: 'acme', cloudId: sites[0]?.id });
  });

  it('takes 403 with invalid_grant for the end of the grant', async () => {
    const stage = await jiraHub();
    await stage.connect();
    await stage.advance(3_600_000);
    const body = { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' };
    stage.provider.failNext(1, { kind: 'answer', status: 403, body, match: /oauth\/token/ });
    expect((await stage.acme.connections.test('ops')).healthy).toBe(false);
    expect(await stage.acme.connections.get('ops')).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
  });
});

describe('sites', () => {
  const resource = { id: 'a1', name: 'acme', url: 'https://acme.atlassian.net', scopes: ['read:jira-work'] };

  it('are those with Jira, each once, whatever kind of scopes they have', () => {
    const confluence = { ...resource, scopes: ['read:confluence-content.all'] };
    const granular = { ...resource, id: 'b2', scopes: ['read:issue:jira'] };
    expect(jiraSites([confluence, resource, resource, granular, { ...confluence, id: 'c3' }]).map(({ id }) => id)).toEqual(['a1', 'b2']);
  });

  it('at a domain of their own go by their cloud id alone', () => {
    expect(jiraSites([{ ...resource, url: 'https://jira.acme.example' }])[0]?.settings).toEqual({ cloudId: 'a1' });
  });
});
