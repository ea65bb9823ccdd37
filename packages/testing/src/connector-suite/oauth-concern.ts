import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { visitService } from '../test-hub/visit-service.ts';
import { errorOf } from './connector-stage.ts';
import type { ConnectorSubject, OAuthCase } from './connector-subject.ts';
import { setOAuthHub } from './oauth-hub.ts';

/** OAuth, from the click to the account that is connected, and back. */
export function describeOAuth<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, oauth: OAuthCase<Provider>): void {
  const hubFor = async (secret = oauth.app.clientSecret) => {
    const provider = await subject.startProvider();
    const { connector, test, acme } = setOAuthHub(subject, provider, { ...oauth.app, clientSecret: secret });
    /** Clicks through: answers the query with which the person comes back to the host. */
    const click = async (change: (url: URL) => void = () => undefined, tamper: (back: URL) => void = () => undefined) => {
      const settings = oauth.settings ?? {};
      const begun = { connector: connector.id, name: 'main', hostUser: 'user-1', returnTo: '/done', settings };
      const url = new URL((await acme.oauth.beginConnect(begun)).url);
      change(url);
      return visitService(test.hub, url, { back: tamper });
    };
    const complete = (back: URLSearchParams) => acme.oauth.completeConnect({ flowId: back.get('flow') ?? '', hostUser: 'user-1' });
    return { provider, connector, test, acme, click, complete };
  };

  describe('OAuth', () => {
    it('connects an account from the click on, names it, and has every scope that was asked for', async () => {
      const { acme, click, complete } = await hubFor();
      const { connection, missingScopes } = await complete(await click());
      expect([connection.status, missingScopes]).toEqual(['active', []]);
      expect(connection.externalAccountId).toMatch(/\S/);
      expect(connection.externalAccountName).toMatch(/\S/);
      const { healthy, account } = await acme.connections.test('main');
      expect([healthy, account?.id, account?.name]).toEqual([true, connection.externalAccountId, connection.externalAccountName]);
    });

    it('is good for every action', async () => {
      const { provider, connector, test, acme, click, complete } = await hubFor();
      await complete(await click());
      for (const { name, input } of subject.actions) {
        const call = { connection: 'main', input: input(provider) };
        const { dispatchId } = await acme.actions.execute(`${connector.id}.${name}`, call);
        await test.settled({ withinMs: 0 });
        expect(await acme.dispatches.get(dispatchId), name).toMatchObject({ status: 'succeeded' });
      }
    });

    it('connects nothing where the person says no', async () => {
      const { acme, click } = await hubFor();
      const back = await click((url) => url.searchParams.set('decision', 'deny'));
      expect(back.get('connect_error')).toBe('access_denied');
      expect(await acme.connections.list()).toEqual([]);
    });

    it('connects nothing with a code that the service did not give, and says so', async () => {
      const { acme, click, complete } = await hubFor();
      const back = await click(undefined, (url) => url.searchParams.set('code', 'another-code'));
      const { code, details } = await errorOf(complete(back));
      expect([code, details['reason']]).toEqual(['connect_failed', 'exchange_refused']);
      expect(await acme.connections.list()).toEqual([]);
    });

    it('connects nothing with another secret of the app', async () => {
      const { acme, click, complete } = await hubFor('another-secret-of-the-app');
      expect((await errorOf(complete(await click()))).code).toBe('authentication_failed');
      expect(await acme.connections.list()).toEqual([]);
    });

    it('has the grant taken back at the service, where the manifest says how', async ({ skip }) => {
      const { provider, connector, test, acme, click, complete } = await hubFor();
      if (!connector.manifest.auth.some((method) => method.type === 'oauth2' && method.revocationUrl !== undefined))
        return skip('The manifest names no address at which grants are taken back.');
      await complete(await click());
      await acme.connections.disconnect('main');
      await test.settled();
      expect((await test.dispatches()).map(({ status }) => status)).toEqual(['succeeded']);
      expect(provider.effects()).toHaveLength(1);
    });

    it('shows no token and no secret of the app to anybody', async () => {
      const { provider, test, acme, click, complete } = await hubFor();
      const { connection } = await complete(await click());
      await acme.connections.test('main');
      await acme.connections.disconnect('main');
      await test.settled();
      const shown = JSON.stringify([connection, test.notices, await test.dispatches(), (await acme.audit.list()).items]);
      const tokens = oauth.tokens(provider);
      expect(tokens.length).toBeGreaterThan(0);
      for (const secret of [...tokens, oauth.app.clientSecret]) expect(shown).not.toContain(secret);
    });
  });
}
