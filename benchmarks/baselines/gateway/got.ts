import { Agent } from 'node:http';
import got from 'got';
import { type Contestant, type ContestantSettings, countItems, thingsPath, token } from '../../src/gateway/contestant.ts';

/** `got` with a keep-alive agent, for scale: a client of the same comfort without tenants, vault and limits. */
export function gotClient({ origin, connections }: ContestantSettings): Contestant {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const client = got.extend({ prefixUrl: origin, agent: { http: agent }, headers: { authorization: `Bearer ${token}` } });
  return {
    ask: async () => countItems(await client.get(thingsPath.slice(1)).json()),
    close: async () => agent.destroy(),
  };
}
