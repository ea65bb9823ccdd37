import { isPatchbayError } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { setConnectorStage } from './connector-stage.ts';
import type { ConnectorSubject } from './connector-subject.ts';

/** The health check. */
export function describeHealth<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  describe('health check', () => {
    it('names the account', async () => {
      const { harness } = await setConnectorStage(subject);
      const { healthy, account } = await harness.checkHealth();
      expect(healthy).toBe(true);
      expect(account?.id).toMatch(/\S/);
      expect(account?.name).toMatch(/\S/);
    });

    it('changes nothing at the service', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      await harness.checkHealth();
      expect(provider.effects()).toEqual([]);
      expect(provider.requests.length).toBeGreaterThan(0);
    });

    it('fails with a credential that the service refuses', async () => {
      const { harness } = await setConnectorStage(subject, { credential: subject.wrongCredential });
      const verdict = await harness.checkHealth().then(
        ({ healthy }) => (healthy ? 'healthy' : 'authentication_failed'),
        (error: unknown) => (isPatchbayError(error) ? error.code : 'a foreign error'),
      );
      expect(verdict).toBe('authentication_failed');
    });
  });
}
