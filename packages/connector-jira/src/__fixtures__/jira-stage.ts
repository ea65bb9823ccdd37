import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { type FakeJira, type FakeJiraOptions, fakeJira } from '@patchbay/testing';
import { onTestFinished } from 'vitest';
import { jira } from '../jira.ts';

export const account = { email: 'ops@example.com', token: 'ATATT-test' };

/** The connector against a fresh stand-in, for the length of a test. */
export async function jiraStage(options: Partial<FakeJiraOptions> = {}): Promise<{ provider: FakeJira; harness: ConnectorHarness }> {
  const provider = await fakeJira({ ...account, ...options });
  const harness = createConnectorHarness({
    connector: jira({ origin: provider.origin }),
    credential: { type: 'basic', username: account.email, password: account.token },
    dangerouslyAllowPrivateNetworks: true,
  });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, harness };
}
