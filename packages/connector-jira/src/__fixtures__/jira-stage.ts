import type { Connector } from '@patchbay/core';
import { type ConnectorHarness, type ConnectorHarnessOptions, createConnectorHarness } from '@patchbay/core/connector-kit';
import { type FakeJira, type FakeJiraOptions, fakeJira } from '@patchbay/testing';
import { onTestFinished } from 'vitest';
import { jira } from '../jira.ts';

export const account = { email: 'ops@example.com', token: 'ATATT-test' };

/** What a test acts on. */
export interface JiraStage {
  readonly provider: FakeJira;
  readonly connector: Connector;
  readonly harness: ConnectorHarness;
}

/** The connector against a fresh stand-in, for the length of a test. */
export async function jiraStage({
  settings = {},
  confinedTo,
  ...options
}: Partial<FakeJiraOptions> & Pick<ConnectorHarnessOptions, 'settings' | 'confinedTo'> = {}): Promise<JiraStage> {
  const provider = await fakeJira({ ...account, ...options });
  const connector = jira({ origin: provider.origin });
  const harness = createConnectorHarness({
    connector,
    credential: { type: 'basic', username: account.email, password: account.token },
    settings,
    ...(confinedTo === undefined ? {} : { confinedTo }),
    dangerouslyAllowPrivateNetworks: true,
  });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, connector, harness };
}
