import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { RecordedRequest } from '../providers/provider-request.ts';
import { visitService } from '../test-hub/visit-service.ts';
import type { ActionCase, ConnectorSubject, OAuthCase } from './connector-subject.ts';
import { setOAuthHub } from './oauth-hub.ts';

/** Calls at a time. */
const calls = 20;

/** Access tokens live for so long at most, milliseconds: the stand-in's have ended then. 12 hours. */
const longestLife = 43_200_000;

/** For which a dispatch is given time: one connection has a part of a worker's places, and the others come a moment later. */
const withinMs = 60_000;

/** Access tokens that end. Only where the manifest says how they are renewed. */
export function describeRefresh<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, oauth: OAuthCase<Provider>): void {
  const method = subject.create('https://api.example.com').manifest.auth.find(({ type }) => type === 'oauth2');
  const [action] = subject.actions;
  if (method?.type !== 'oauth2' || method.refresh === undefined || action === undefined) return;
  const succeeded = (count: number) => Array.from({ length: count }, () => 'succeeded');

  describe('OAuth tokens that end', () => {
    it(`are renewed by one token request, however many of ${calls} calls find them ended`, async () => {
      const { test, renewals, refused, call } = await connected(subject, oauth, action);
      await test.clock.advance(longestLife);
      expect(await call(calls)).toEqual(succeeded(calls));
      expect(renewals(), advice).toHaveLength(1);
      expect(refused(), 'requests that the service refused').toEqual([]);
    });

    it('are renewed once where our clock is ahead of the service, and the new one is used as long as it is good', async () => {
      const { test, renewals, refused, call } = await connected(subject, oauth, action);
      await test.clock.advance(longestLife);
      expect([...(await call(1)), ...(await call(1))]).toEqual(succeeded(2));
      expect(renewals(), advice).toHaveLength(1);
      expect(refused(), 'requests that the service refused').toEqual([]);
    });

    it('are renewed once where the service refuses them before their end, and the call is made again', async () => {
      const { provider, renewals, call, tokenPath } = await connected(subject, oauth, action);
      provider.failNext(1, { kind: 'answer', status: 401, match: new RegExp(`^(?!POST ${literal(tokenPath)})`) });
      expect(await call(1)).toEqual(['succeeded']);
      expect(renewals(), advice).toHaveLength(1);
    });

    it('work on, or say that the account is to be connected again, where the answer to their renewal was lost', async () => {
      const { provider, test, acme, renewals, call, tokenPath } = await connected(subject, oauth, action);
      await test.clock.advance(longestLife);
      provider.failNext(1, { kind: 'reset', when: 'after_effect', match: new RegExp(`^POST ${literal(tokenPath)}`) });
      const [dispatch] = await call(1);
      expect(renewals().length, advice).toBeGreaterThan(0);
      const { status } = await acme.connections.get('main');
      const said = 'The service refuses the refresh token, and the connector does not say what its answer means: answer.errors.';
      expect(dispatch === 'succeeded' ? 'works' : status, said).toMatch(/^(works|token_invalid|token_expired)$/);
    });
  });
}

const literal = (path: string): string => path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const advice = 'the token requests that renew. Where there is none, the stand-in gives tokens that do not end: give oauth.startRenewing';

/** A connection that was made by OAuth, at a stand-in whose tokens end. */
async function connected<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  oauth: OAuthCase<Provider>,
  { name, input }: ActionCase<Provider>,
) {
  const provider = await (oauth.startRenewing ?? subject.startProvider)();
  const { connector, test, acme } = setOAuthHub(subject, provider, oauth.app);
  const { settings = {} } = oauth;
  const { url } = await acme.oauth.beginConnect({ connector: connector.id, name: 'main', hostUser: 'user-1', returnTo: '/done', settings });
  const back = await visitService(test.hub, url);
  await acme.oauth.completeConnect({ flowId: back.get('flow') ?? '', hostUser: 'user-1' });
  const before = provider.requests.length;
  // The one request that named the way back gave the code away.
  const [tokenPath = ''] = provider.requests.find(({ body }) => body.includes('redirect_uri'))?.path.split('?') ?? [];
  const isRenewal = ({ path }: RecordedRequest): boolean => path.split('?')[0] === tokenPath;
  const since = (): readonly RecordedRequest[] => provider.requests.slice(before);
  return {
    provider,
    test,
    acme,
    tokenPath,
    renewals: () => since().filter(isRenewal),
    refused: () => since().filter((request) => !isRenewal(request) && request.status === 401),
    /** So many calls of the action at a time, and what became of each. */
    async call(count: number): Promise<readonly string[]> {
      const inputs = Array.from({ length: count }, () => input(provider));
      const begun = await Promise.all(
        inputs.map((each) => acme.actions.execute(`${connector.id}.${name}`, { connection: 'main', input: each })),
      );
      await test.settled({ withinMs });
      return Promise.all(begun.map(async ({ dispatchId }) => (await acme.dispatches.get(dispatchId)).status));
    },
  };
}
