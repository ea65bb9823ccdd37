import { path } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { type Contestant, type ContestantSettings, countItems, token } from './contestant.ts';
import { thingsConnector } from './things-connector.ts';

const decoder = new TextDecoder();

/**
 * The gateway's session alone, as a connector's code has it: origin, path, headers, credential, deadline, scrubbed answer. No limits, breaker, bulkhead, log or
 * metrics stand before it.
 */
export function plainGateway({ origin }: ContestantSettings): Contestant {
  const project = 'benchmarks';
  let items = 0;
  const connector = thingsConnector({
    origin,
    async healthCheck({ http }) {
      const { body } = await http.bytes(path`/projects/${project}/things`);
      items = countItems(JSON.parse(decoder.decode(body)));
      return { healthy: true };
    },
  });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token }, dangerouslyAllowPrivateNetworks: true });
  return {
    async ask() {
      await harness.checkHealth();
      return items;
    },
    close: () => harness.close(),
  };
}
