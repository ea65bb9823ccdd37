import type { Connector } from '@patchbay/core';
import { createTestHub, type FakeSlackOptions, fakeSlack, visitService } from '@patchbay/testing';
import { LogLevel, WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toSentCall } from './__fixtures__/sent-call.ts';
import { slack, slackUser } from './slack.ts';

const callback = 'https://host.example.com/hub/oauth/callback/slack';
const app = { clientId: '10000000001.10000000002', clientSecret: 'secret-of-the-app-0123456789' };

/** A hub with the connector against a stand-in that knows the app. */
async function slackHub({ create = slack, ...options }: Partial<FakeSlackOptions> & { create?: typeof slack | typeof slackUser } = {}) {
  const world = { now: Date.UTC(2026, 0, 1) };
  const provider = await fakeSlack({ token: 'unused', app, now: () => world.now, ...options });
  const connector: Connector = create({ origin: provider.origin });
  const test = createTestHub({ connectors: [connector], apps: { [connector.id]: { oauth: app } } });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const begin = async () =>
    new URL(
      (
        await acme.oauth.beginConnect({
          connector: connector.id,
          name: 'team',
          hostUser: 'user-1',
          returnTo: '/done',
          parameters: { team: 'T00000001' },
        })
      ).url,
    );
  const connect = async (url: URL) =>
    acme.oauth.completeConnect({ flowId: (await visitService(test.hub, url)).get('flow') ?? '', hostUser: 'user-1' });
  const advance = async (milliseconds: number) => {
    world.now += milliseconds;
    await test.clock.advance(milliseconds);
  };
  return { provider, test, acme, begin, connect, advance };
}

const tokenCalls = ({ provider }: Awaited<ReturnType<typeof slackHub>>) =>
  provider.requests.filter(({ path }) => path === '/api/oauth.v2.access').map(toSentCall);

/** What Slack's own client sends for the same. */
async function vendorCall(use: (client: WebClient) => Promise<unknown>) {
  const provider = await fakeSlack({ token: 'unused', app });
  try {
    const client = new WebClient(undefined, {
      slackApiUrl: `${provider.origin}/api/`,
      logLevel: LogLevel.ERROR,
      retryConfig: { retries: 0 },
    });
    await use(client).catch(() => undefined);
    return provider.requests.map(toSentCall)[0];
  } finally {
    await provider.close();
  }
}

describe('OAuth at Slack', () => {
  it('asks for bot scopes between commas, without PKCE, and for the workspace that was named', async () => {
    const { begin } = await slackHub();
    const { searchParams } = await begin();
    expect(searchParams.get('team')).toBe('T00000001');
    const asked = searchParams.get('scope')?.split(',') ?? [];
    expect(asked).toEqual(expect.arrayContaining(['chat:write', 'channels:history', 'channels:manage', 'files:write', 'users:read.email']));
    // Slack refuses the whole request where a bot is asked for what only a person can have.
    for (const ofPersons of ['search:read', 'users.profile:write', 'channels:write']) expect(asked).not.toContain(ofPersons);
    expect([searchParams.has('code_challenge'), searchParams.has('user_scope')]).toEqual([false, false]);
  });

  it('asks for tokens as Slack’s own client does, but for the grant type that it leaves out', async () => {
    const stage = await slackHub();
    await stage.connect(await stage.begin());
    const [ours] = tokenCalls(stage);
    const { grant_type: grantType, ...fields } = ours?.fields ?? {};
    const wanted = { client_id: app.clientId, client_secret: app.clientSecret, code: fields['code'], redirect_uri: callback };
    expect({ ...ours, fields }).toEqual(await vendorCall((client) => client.apiCall('oauth.v2.access', wanted)));
    expect(grantType).toBe('authorization_code');
  });

  it('has the bot’s token, and names the workspace as its deliveries do', async () => {
    const stage = await slackHub();
    const { connection } = await stage.connect(await stage.begin());
    expect(connection).toMatchObject({ status: 'active', externalAccountId: 'T00000001', externalAccountName: 'Acme' });
    expect(stage.provider.tokens()).toEqual([expect.stringMatching(/^xoxb-/)]);
  });

  it('renews tokens that are rotated, as Slack’s own client does', async () => {
    const stage = await slackHub({ app: { ...app, expiresIn: 43_200 } });
    await stage.connect(await stage.begin());
    await stage.advance(43_200_000);
    expect((await stage.acme.connections.test('team')).healthy).toBe(true);
    const [, ours] = tokenCalls(stage);
    const theirs = await vendorCall((client) =>
      client.oauth.v2.access({
        client_id: app.clientId,
        client_secret: app.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: String(ours?.fields['refresh_token']),
      }),
    );
    expect(ours).toEqual(theirs);
  });

  it('can be tried again where Slack itself failed, with status 200', async () => {
    const stage = await slackHub();
    const url = await stage.begin();
    stage.provider.failNext(1, { kind: 'answer', status: 200, body: { ok: false, error: 'internal_error' }, match: /oauth\.v2\.access/ });
    await expect(stage.connect(url)).rejects.toMatchObject({ code: 'provider_unavailable', retryable: true });
  });

  it.each([
    ['invalid_refresh_token', 'token_invalid'],
    ['internal_error', 'active'],
    ['ratelimited', 'active'],
    ['bad_client_secret', 'active'],
  ])('takes %s with status 200 for %s', async (error, status) => {
    const stage = await slackHub({ app: { ...app, expiresIn: 43_200 } });
    await stage.connect(await stage.begin());
    await stage.advance(43_200_000);
    stage.provider.failNext(1, { kind: 'answer', status: 200, body: { ok: false, error }, match: /oauth\.v2\.access/ });
    await stage.acme.connections.test('team');
    expect((await stage.acme.connections.get('team')).status).toBe(status);
  });

  it.each([
    [{ ok: true, revoked: true }, 'succeeded'],
    [{ ok: false, error: 'token_revoked' }, 'succeeded'],
    [{ ok: false, error: 'token_expired' }, 'dead'],
  ])('with the answer %j to auth.revoke is %s', async (body, status) => {
    const stage = await slackHub();
    await stage.connect(await stage.begin());
    stage.provider.failNext(1, { kind: 'answer', status: 200, body, match: /auth\.revoke/ });
    await stage.acme.connections.disconnect('team');
    await stage.test.settled({ withinMs: 0 });
    expect((await stage.test.dispatches()).map((dispatch) => dispatch.status)).toEqual([status]);
  });

  // One permission brings two pairs: that of the app stands at the top of the answer, and is never taken for the person's.
  it('asks for user scopes by their own parameter, and has the token of the person', async () => {
    const stage = await slackHub({ create: slackUser, tokens: 'user' });
    const url = await stage.begin();
    expect(url.searchParams.has('scope')).toBe(false);
    const asked = url.searchParams.get('user_scope')?.split(',') ?? [];
    expect(asked).toEqual(expect.arrayContaining(['search:read', 'users.profile:write', 'channels:write', 'chat:write']));
    expect(asked).not.toContain('channels:manage');
    expect((await stage.connect(url)).connection).toMatchObject({ status: 'active', externalAccountId: 'T00000001' });
    expect(stage.provider.tokens()).toEqual([expect.stringMatching(/^xoxp-/)]);
    expect((await stage.acme.connections.test('team')).healthy).toBe(true);
  });

  it('renews the token of the person, which stands at the top of that answer', async () => {
    const stage = await slackHub({ create: slackUser, tokens: 'user', app: { ...app, expiresIn: 43_200 } });
    await stage.connect(await stage.begin());
    for (const _renewal of [1, 2]) {
      await stage.advance(43_200_000);
      expect((await stage.acme.connections.test('team')).healthy).toBe(true);
    }
    const refreshed = tokenCalls(stage).map(({ fields }) => fields['refresh_token']);
    const given = stage.provider.tokens().filter((each) => each.startsWith('xoxe-'));
    expect(refreshed).toEqual([undefined, given[0], given[1]]);
  });

  it('does not take the token of the app where the person gave none', async () => {
    const stage = await slackHub({ create: slackUser, tokens: 'bot' });
    const url = await stage.begin();
    url.searchParams.set('scope', 'chat:write');
    await expect(stage.connect(url)).rejects.toMatchObject({ code: 'response_invalid' });
    expect(await stage.acme.connections.list()).toEqual([]);
  });
});
