import { randomBytes } from 'node:crypto';
import { createHub, localKeys, path } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { type Contestant, type ContestantSettings, countItems, token } from './contestant.ts';
import { thingsConnector } from './things-connector.ts';

const decoder = new TextDecoder();

/** A hub as a host makes it: the request goes through `tenant.request`, with everything that the gateway does by default. */
export async function patchbayGateway(settings: ContestantSettings & { readonly database: string | null }): Promise<Contestant> {
  const { origin, database } = settings;
  const pool = database === null ? undefined : new pg.Pool({ connectionString: database });
  if (pool) await migrate({ pool });
  const hub = createHub({
    connectors: [thingsConnector({ origin })],
    storage: pool ? postgresStorage({ pool }) : memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: 'https://hub.example.com/hub',
    loopbackOnly: true,
  });
  await hub.ready();
  const tenant = hub.tenant('acme');
  const { id } = await tenant.connections.put('main', { connector: 'things', credential: { type: 'bearer', token } });
  const project = 'benchmarks';
  return {
    async ask() {
      const { status, body } = await tenant.request(id, { method: 'GET', path: path`/projects/${project}/things` });
      if (status !== 200) throw new Error(`The service answered ${status}.`);
      return countItems(JSON.parse(decoder.decode(body)));
    },
    async close() {
      await hub.stop();
      await pool?.end();
    },
  };
}
