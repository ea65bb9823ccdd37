import { onTestFinished } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { createTestHub } from '../test-hub/create-test-hub.ts';
import type { ConnectorSubject, OAuthCase } from './connector-subject.ts';

/** A hub that has the app, before anybody has connected; it and the stand-in are taken down with the test. */
export function setOAuthHub<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  provider: Provider,
  app: OAuthCase<Provider>['app'],
) {
  const connector = subject.create(provider.origin);
  const test = createTestHub({
    connectors: [connector],
    publicUrl: 'https://host.example.com/hub',
    apps: { [connector.id]: { oauth: app } },
  });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  return { connector, test, acme: test.tenant('acme') };
}
