import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { type FakeGithub, fakeGithub } from '@patchbay/testing';
import { onTestFinished } from 'vitest';
import { github } from '../github.ts';

export const repository = { owner: 'octocat', repo: 'Hello-World' };
export const fullName = 'octocat/Hello-World';

/** The connector against a fresh stand-in, for the length of a test. */
export async function githubStage(): Promise<{ provider: FakeGithub; harness: ConnectorHarness }> {
  const token = 'ghp_test';
  const provider = await fakeGithub({ token });
  const harness = createConnectorHarness({
    connector: github({ origin: provider.origin }),
    credential: { type: 'bearer', token },
    dangerouslyAllowPrivateNetworks: true,
  });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, harness };
}
