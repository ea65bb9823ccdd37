import type { Connector } from '@patchbay/core';
import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { type FakeSlack, type FakeSlackOptions, fakeSlack } from '@patchbay/testing';
import { onTestFinished } from 'vitest';
import { type SlackOptions, slack } from '../slack.ts';

export const token = 'xoxb-test-0000000000';

/** How a stage may differ. */
export interface SlackStageOptions extends Partial<Omit<FakeSlackOptions, 'token'>> {
  /** @default the app's connector */
  readonly create?: (options: SlackOptions) => Connector;
}

/** The connector against a fresh stand-in, for the length of a test. */
export async function slackStage({ create = slack, ...options }: SlackStageOptions = {}): Promise<{
  provider: FakeSlack;
  harness: ConnectorHarness;
}> {
  const provider = await fakeSlack({ token, ...options });
  const connector = create({ origin: provider.origin, filesOrigin: provider.filesOrigin });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token }, dangerouslyAllowPrivateNetworks: true });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, harness };
}
