import { Pool } from 'undici';
import { type Contestant, type ContestantSettings, countItems, thingsPath, token } from '../../src/gateway/contestant.ts';

/**
 * The limit of `gateway-1` and `gateway-50`: undici's pool, `request` and `body.json()`, with the credential as a constant. Left out is everything else: no
 * credential store, no tenant, no pinned origin, no private address refused, no path template, no bound on the answer, no scrubbing, no deadline, no log.
 */
export function rawUndici({ origin, connections }: ContestantSettings): Contestant {
  const pool = new Pool(origin, { connections });
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  return {
    async ask() {
      const { statusCode, body } = await pool.request({ path: thingsPath, method: 'GET', headers });
      if (statusCode !== 200) throw new Error(`The service answered ${statusCode}.`);
      return countItems(await body.json());
    },
    close: () => pool.close(),
  };
}
