import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { type FakeSlack, fakeSlack } from '@patchbay/testing';
import { onTestFinished } from 'vitest';
import { slack } from '../slack.ts';

export const token = 'xoxb-test-0000000000';

/** The connector against a fresh stand-in, for the length of a test. */
export async function slackStage(
  options: { readonly scopes?: readonly string[] } = {},
): Promise<{ provider: FakeSlack; harness: ConnectorHarness }> {
  const provider = await fakeSlack({ token, ...options });
  const connector = slack({ origin: provider.origin });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token }, dangerouslyAllowPrivateNetworks: true });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, harness };
}
