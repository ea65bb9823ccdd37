import type { Connector, Json, TenantHandle } from '@patchbay/core';
import { onTestFinished } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { createTestHub, type TestHub } from '../test-hub/create-test-hub.ts';
import type { ConnectorSubject } from './connector-subject.ts';

/** A hub with the connector and a connection `main` of the tenant `acme`, whose credential is the subject's. */
export interface HubStage<Provider extends FakeProvider> {
  readonly provider: Provider;
  readonly connector: Connector;
  readonly test: TestHub<Connector, Record<never, never>>;
  readonly acme: TenantHandle<Connector, Record<never, never>>;
  /** Everything that the hub keeps, tells and logs, as text. */
  shown(): Promise<string>;
}

/** Sets a stage that is taken down with the test. */
export async function setHubStage<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): Promise<HubStage<Provider>> {
  const provider = await subject.startProvider();
  const connector = subject.create(provider.origin);
  const lines: Json[] = [];
  const log = (message: string, fields: object = {}): void => {
    lines.push(message, JSON.stringify(fields));
  };
  const test = createTestHub({ connectors: [connector], logger: { debug: log, info: log, warn: log, error: log } });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const { credential, settings = {}, configuration, flags } = subject;
  await acme.connections.put('main', { connector: connector.id, credential, settings });
  if (configuration) await acme.configuration.put(connector.id, configuration);
  if (flags) await acme.flags.set(connector.id, flags);
  return {
    provider,
    connector,
    test,
    acme,
    async shown() {
      const { items: events } = await acme.events.list();
      const { items: audit } = await acme.audit.list();
      return JSON.stringify([lines, test.notices, await test.dispatches('acme'), events, audit]);
    },
  };
}
