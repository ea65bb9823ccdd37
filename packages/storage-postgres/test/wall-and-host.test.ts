import { newItem } from '@patchbay/storage-records';
import type { Pool, PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { enterText } from '../src/database/scope-texts.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  walled = await createWalledSchema();
});
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
});
afterAll(() => walled.close());

function open(pool: Pool) {
  const storage = postgresStorage({ pool, schema: walled.owner.schema, rowLevelSecurity: 'required', notify: false });
  closings.push(() => storage.close());
  return storage;
}

/** A client with a transaction in it, for the time of one test. */
async function begun(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  closings.push(async () => {
    await client.query('rollback');
    client.release();
  });
  await client.query('begin');
  return client;
}

const scopeIn = async (client: PoolClient): Promise<unknown> => {
  const { rows } = await client.query(
    `select coalesce(current_setting('patchbay.scope', true), '') as scope, coalesce(current_setting('patchbay.tenants', true), '') as tenants`,
  );
  return rows[0];
};

const eventOf = (tenant: string) => {
  const item = newItem([], { plan: null });
  return { ...item, tenant, event: item.event && { ...item.event, tenant } };
};

const created = [{ status: 'created', leased: [] }];

describe("the host's transaction", () => {
  it('is joined for several tenants at once', async () => {
    const pool = walled.open();
    const storage = open(pool);
    const client = await begun(pool);
    await client.query(enterText(['initech']));
    const publish = (tenant: string) => storage.ingest([eventOf(tenant)], { transaction: client });
    expect(await Promise.all(['acme', 'globex', 'acme'].map(publish))).toEqual([created, created, created]);
    expect(await scopeIn(client)).toEqual({ scope: '', tenants: '["initech"]' });
  });
});

it('a process that stops in the middle of a call holds nobody up for good', async () => {
  const pool = walled.open();
  let wake = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      const stop = (): Promise<never> =>
        new Promise((_, reject) => {
          wake = () => reject(new Error('The connection is gone.'));
          resolve();
        });
      client.query = ((...given: unknown[]) => (given[0] === 'commit' ? stop() : query(...given))) as typeof client.query;
    });
  });
  const patient = { schema: walled.owner.schema, rowLevelSecurity: 'prepared', notify: false } as const;
  const one = postgresStorage({ ...patient, pool, answerMs: 600_000 });
  const other = postgresStorage({ ...patient, pool: walled.open(), answerMs: 30_000 });
  closings.push(
    () => Promise.all([one.close(), other.close()]),
    async () => wake(),
  );
  const gate = { tenant: 'acme', lane: 'a', reason: 'paused', forMs: null } as const;
  const lost = one.gates.close([gate]).catch(() => 'lost');
  await stopped;
  await other.gates.close([gate]);
  wake();
  expect(await lost).toBe('lost');
  expect(await other.gates.list('acme')).toHaveLength(1);
});

describe('a batch', () => {
  it.each([
    ['has a NUL', 'a\u0000'],
    ['has half a character', 'a\ud800'],
  ])('is stored but for the item whose tenant %s', async (_, tenant) => {
    const storage = open(walled.open());
    const good = eventOf('acme');
    await storage.ingest([eventOf(tenant), good]).catch(() => 'refused');
    expect(await storage.history.event('acme', good.root)).toMatchObject({ id: good.root });
  });
});
