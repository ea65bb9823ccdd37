import { isPatchbayError, path } from '@patchbay/core';
import pg from 'pg';
import { Pool } from 'undici';
import { countItems } from '../gateway/contestant.ts';
import type { LoadSettings, Target } from './messages.ts';
import { sustainedHub } from './sustained-hub.ts';

/** How a request ended: `good`, a status, or the code of a refusal. */
export type Ask = (target: Target) => Promise<string>;

/** A way to the service. */
export interface LoadClient {
  readonly ask: Ask;
  readonly close: () => Promise<void>;
}

const decoder = new TextDecoder();

/** A hub as a host makes it, on the database that the other processes use. */
async function patchbayClient(settings: LoadSettings): Promise<LoadClient> {
  const pool = new pg.Pool({ connectionString: settings.database, max: 4 });
  const hub = sustainedHub(settings, pool);
  await hub.ready();
  const project = 'benchmarks';
  return {
    async ask({ tenant, id }) {
      try {
        const { status, body } = await hub.tenant(tenant).request(id, { method: 'GET', path: path`/projects/${project}/things` });
        if (status === 200 && countItems(JSON.parse(decoder.decode(body))) === 12) return 'good';
        return String(status);
      } catch (error) {
        if (isPatchbayError(error)) return `${error.code}: ${error.message}`;
        throw error;
      }
    },
    async close() {
      await hub.stop();
      await pool.end();
    },
  };
}

/** For scale: undici's pool with the tokens as constants; nobody holds anything back. */
function undiciClient({ origin }: LoadSettings): LoadClient {
  const pool = new Pool(origin, { connections: 64 });
  return {
    async ask({ token }) {
      const { statusCode, body } = await pool.request({
        path: '/projects/benchmarks/things',
        method: 'GET',
        headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      });
      if (statusCode === 200) return countItems(await body.json()) === 12 ? 'good' : 'other';
      await body.dump();
      return String(statusCode);
    },
    close: () => pool.close(),
  };
}

/** Opens the client that is asked for. */
export const openClient = async (settings: LoadSettings): Promise<LoadClient> =>
  settings.client === 'patchbay' ? await patchbayClient(settings) : undiciClient(settings);
