import { createTestHub, type FakeSlackOptions, fakeSlack, visitService } from '@patchbay/testing';
import { LogLevel, WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toSentCall } from './__fixtures__/sent-call.ts';
import { slack } from './slack.ts';

const callback = 'https://host.example.com/hub/oauth/callback/slack';
const app = { clientId: '10000000001.10000000002', clientSecret: 'secret-of-the-app-0123456789' };

/** A hub with the connector against a stand-in that knows the app. */
async function slackHub(options: Partial<FakeSlackOptions> = {}) {
  const world = { now: Date.UTC(2026, 0, 1) };
  const provider = await fakeSlack({ token: 'unused', app, now: () => world.now, ...options });
  const test = createTestHub({ connectors: [slack({ origin: provider.origin })], apps: { slack: { oauth: app } } });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const begin = async () =>
    new URL(
      (
        await acme.oauth.beginConnect({
          connector: 'slack',
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
    expect(Object.fromEntries(searchParams)).toMatchObject({
      scope: 'chat:write,channels:history,channels:read,reactions:write',
      team: 'T00000001',
    });
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
});
