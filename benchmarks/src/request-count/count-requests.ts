import type { Connector, Credential } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import type { ActionCase, FakeProvider } from '@patchbay/testing';

/** A connector against its stand-in. */
export interface CountedConnector<Provider extends FakeProvider> {
  start(): Promise<Provider>;
  create(provider: Provider): Connector;
  readonly credential: Credential;
  readonly cases: readonly ActionCase<Provider>[];
}

/** How many requests one call of each action makes, by the action's name: as many numbers as it has cases. Throws where a call fails. */
export async function countRequests<Provider extends FakeProvider>({
  start,
  create,
  credential,
  cases,
}: CountedConnector<Provider>): Promise<readonly (readonly [action: string, requests: number])[]> {
  const counts: (readonly [string, number])[] = [];
  for (const { name, input } of cases) {
    const provider = await start();
    const harness = createConnectorHarness({ connector: create(provider), credential, dangerouslyAllowPrivateNetworks: true });
    try {
      await harness.execute({ action: name, input: input(provider) });
      counts.push([name, provider.requests.length]);
    } finally {
      await harness.close();
      await provider.close();
    }
  }
  return counts;
}
