import { randomBytes } from 'node:crypto';
import { createHub, defineConnector, type Hub, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import type { Sample } from '../benchmark.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';

/** How many connections end. */
export interface RevokeSize {
  readonly connections: number;
  readonly tenants: number;
}

const connector = defineConnector({
  id: 'papers',
  name: 'Papers',
  description: 'Keeps papers, and takes grants back.',
  version: '1.0.0',
  category: 'documentation',
  auth: [
    {
      type: 'oauth2',
      authorizationUrl: 'https://papers.example.com/authorize',
      tokenUrl: 'https://papers.example.com/token',
      revocationUrl: 'https://papers.example.com/revoke',
    },
  ],
  origin: 'https://papers.example.com',
  actions: {},
  triggers: {},
  healthCheck: async () => ({ healthy: true }),
});

const openHub = (storage: Storage<unknown>): Hub =>
  createHub({
    connectors: [connector],
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: 'http://127.0.0.1/hub',
    apps: { papers: { oauth: { clientId: 'client-1', clientSecret: 'a-secret-of-the-benchmark' } } },
  });

async function connectAll(hub: Hub, { connections, tenants }: RevokeSize): Promise<void> {
  let next = 0;
  const connect = async (): Promise<void> => {
    for (let index = next++; index < connections; index = next++) {
      const credential = { type: 'oauth2', accessToken: `access-${index}`, refreshToken: `refresh-${index}` } as const;
      await hub.tenant(`tenant-${index % tenants}`).connections.put(`c-${index}`, { connector: 'papers', credential });
    }
  };
  await Promise.all(Array.from({ length: 16 }, connect));
}

/** Throws where a connection has not ended, keeps a credential, or its grant was not handed over. */
async function checkEnded(storage: Storage<unknown>, { connections, tenants }: RevokeSize): Promise<void> {
  let ended = 0;
  let handedOver = 0;
  for (let index = 0; index < tenants; index += 1) {
    const tenant = `tenant-${index}`;
    const { rows } = await storage.configuration.snapshot(tenant, ['connection', 'credential']);
    if ((rows.credential ?? []).length > 0) throw new Error('A credential is left.');
    ended += (rows.connection ?? []).filter(({ value }) => value.status === 'disconnected').length;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Storage['history']['dispatches']>> = await storage.history.dispatches(
        tenant,
        {},
        { cursor, limit: 500 },
      );
      handedOver += page.items.filter(({ handler }) => handler === 'revocation').length;
      cursor = page.cursor;
    } while (cursor !== null);
  }
  if (ended !== connections || handedOver !== connections) throw new Error(`${ended} ended, ${handedOver} grants are to be taken back.`);
}

async function measure(storage: Storage<unknown>, size: RevokeSize): Promise<Sample> {
  const hub = openHub(storage);
  try {
    await hub.ready();
    await connectAll(hub, size);
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const { counts, failed } = await hub.operator({ actor: 'drill', reason: 'benchmark' }).tenants.disconnectAll({ connector: 'papers' });
    const seconds = (performance.now() - begun) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    if (counts.disconnected !== size.connections || failed > 0) throw new Error(`${counts.disconnected} ended, ${failed} tenants failed.`);
    await checkEnded(storage, size);
    return { value: seconds, cpuMicroseconds: (user + system) / size.connections, notes: { connections: size.connections } };
  } finally {
    await hub.stop();
  }
}

/** Ends connections in a database of its own, or in memory. */
export async function sampleRevoke({ server, ...size }: RevokeSize & { readonly server: PostgresServer | null }): Promise<Sample> {
  if (server === null) return measure(memoryStorage(), size);
  const url = await server.newDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  try {
    await migrate({ pool });
    const storage = postgresStorage({ pool });
    return await measure({ ...storage, ingest: (items) => storage.ingest(items) }, size);
  } finally {
    await pool.end();
    await server.dropDatabase(url);
  }
}
