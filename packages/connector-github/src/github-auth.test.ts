import { createTestHub, type FakeGithubOptions, fakeGithub, hashCredential, visitService } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from './__fixtures__/github-openapi.ts';
import { type GithubOptions, github } from './github.ts';

const app = { clientId: 'Iv23liAbc.def', clientSecret: 'secret-of-the-app-0123456789' };

/** A hub with the connector against a stand-in that knows the app, and an account that is connected. */
async function connected(options: Partial<FakeGithubOptions> = {}) {
  const world = { now: Date.UTC(2026, 0, 1) };
  const provider = await fakeGithub({ token: 'unused', app, now: () => world.now, ...options });
  const test = createTestHub({ connectors: [github({ origin: provider.origin })], apps: { github: { oauth: app } } });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const { url } = await acme.oauth.beginConnect({ connector: 'github', name: 'main', hostUser: 'user-1', returnTo: '/done' });
  const back = await visitService(test.hub, url);
  const connect = await acme.oauth.completeConnect({ flowId: back.get('flow') ?? '', hostUser: 'user-1' });
  const openIssue = async () => {
    const input = { owner: 'octocat', repo: 'hello', title: 'x' };
    const { dispatchId } = await acme.actions.execute('github.create_issue', { connection: 'main', input });
    await test.settled({ withinMs: 0 });
    return (await acme.dispatches.get(dispatchId)).status;
  };
  const advance = async (milliseconds: number) => {
    world.now += milliseconds;
    await test.clock.advance(milliseconds);
  };
  return { url: new URL(url), provider, test, acme, connect, openIssue, advance };
}

const placesOf = (options: GithubOptions) => {
  const method = github(options).manifest.auth.find(({ type }) => type === 'oauth2');
  return method?.type === 'oauth2' ? [method.authorizationUrl, method.tokenUrl, method.revocationUrl] : [];
};

describe('OAuth at GitHub', () => {
  it('is at github.com, on an Enterprise Server itself, and in the host’s own enterprise of GitHub', () => {
    expect(placesOf({})).toEqual([
      'https://github.com/login/oauth/authorize',
      'https://github.com/login/oauth/access_token',
      'https://api.github.com/applications/{client_id}/grant',
    ]);
    expect(placesOf({ origin: 'https://github.example.com', basePath: '/api/v3' })).toEqual([
      'https://github.example.com/login/oauth/authorize',
      'https://github.example.com/login/oauth/access_token',
      'https://github.example.com/api/v3/applications/{client_id}/grant',
    ]);
    expect(placesOf({ origin: 'https://api.acme.ghe.com' })[0]).toBe('https://acme.ghe.com/login/oauth/authorize');
  });

  it('asks for the scopes of its actions with PKCE, and reads the granted ones between commas', async () => {
    const { url, connect, provider } = await connected();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: app.clientId,
      scope: 'repo gist',
      code_challenge_method: 'S256',
    });
    expect(connect).toMatchObject({
      missingScopes: [],
      connection: { grantedScopes: ['gist', 'repo'], externalAccountId: '1', externalAccountName: 'octocat' },
    });
    expect(provider.requests[1]).toMatchObject({ path: '/login/oauth/access_token', headers: { accept: 'application/json' } });
  });

  it('of a GitHub App compares no scopes: it has permissions in their place', async () => {
    const { connect, openIssue } = await connected({ app: { ...app, expiresIn: 28_800 } });
    expect([connect.connection.grantedScopes, connect.missingScopes]).toEqual([null, []]);
    expect(await openIssue()).toBe('succeeded');
  });

  it('of a GitHub App renews a token that ends, each refresh token once', async () => {
    const { provider, openIssue, advance } = await connected({ app: { ...app, expiresIn: 28_800 } });
    for (let day = 1; day <= 3; day += 1) {
      await advance(28_800_000);
      expect(await openIssue()).toBe('succeeded');
    }
    const asked = provider.requests.filter(({ path }) => path === '/login/oauth/access_token').map(({ body }) => new URLSearchParams(body));
    expect(asked.map((fields) => fields.get('grant_type'))).toEqual([
      'authorization_code',
      ...Array.from({ length: 3 }, () => 'refresh_token'),
    ]);
    expect(new Set(asked.slice(1).map((fields) => fields.get('refresh_token'))).size).toBe(3);
  });

  it('takes a refusal with status 200 for the end of the grant', async () => {
    const { provider, acme, openIssue, advance } = await connected({ app: { ...app, expiresIn: 28_800 } });
    await advance(28_800_000);
    provider.failNext(1, { kind: 'answer', status: 200, body: { error: 'bad_refresh_token' }, match: /access_token/ });
    await openIssue();
    expect(await acme.connections.get('main')).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
  });

  it('has the whole grant taken back as GitHub describes it, with id and secret as they are', async () => {
    const { provider, test, acme } = await connected();
    await acme.connections.disconnect('main');
    await test.settled({ withinMs: 0 });
    const [sent] = provider.effects();
    expect(sent && faultsOf(sent)).toEqual([]);
    expect([sent?.method, sent?.path]).toEqual(['DELETE', `/applications/${app.clientId}/grant`]);
    const basic = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64');
    expect(sent?.headers).toMatchObject({ authorization: hashCredential(`Basic ${basic}`), 'user-agent': 'patchbay' });
  });
});
