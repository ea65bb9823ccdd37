import { Agent } from 'node:http';
import axios from 'axios';
import { type Contestant, type ContestantSettings, countItems, thingsPath, token } from '../../src/gateway/contestant.ts';

/** `axios` with a keep-alive agent, for scale. */
export function axiosClient({ origin, connections }: ContestantSettings): Contestant {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const client = axios.create({ baseURL: origin, httpAgent: agent, headers: { authorization: `Bearer ${token}` } });
  return {
    ask: async () => countItems((await client.get<unknown>(thingsPath)).data),
    close: async () => agent.destroy(),
  };
}
