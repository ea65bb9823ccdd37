import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newId, newItem } from '@patchbay/storage-records';
import pg, { type ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { openDatabase } from '../src/database/database.ts';
import { nobody } from '../src/database/scope.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let storage: Storage<ClientBase>;

beforeAll(async () => {
  test = await createTestSchema();
  storage = postgresStorage({ pool: test.pool, schema: test.schema });
});
beforeEach(() => test.clear());
afterAll(() => test.close());

describe('a batch with an item that the server refuses', () => {
  it('is stored without it, and says what is wrong', async () => {
    const items = Array.from({ length: 9 }, () => newItem());
    const bad = newItem();
    const spoilt = { ...bad, event: bad.event && { ...bad.event, subject: 'a\u0000b' } };
    await expect(storage.ingest([...items.slice(0, 4), spoilt, ...items.slice(4)])).rejects.toMatchObject({
      code: 'invalid_argument',
      details: { sqlstate: '22021' },
    });
    for (const { root } of items) expect(await storage.history.event('acme', root)).not.toBeNull();
    expect(await storage.history.event('acme', bad.root)).toBeNull();
    expect((await storage.ingest([...items, bad])).map(({ status }) => status)).toEqual(Array(10).fill('created'));
  });

  it('leaves nothing of that item, its dedupe key included', async () => {
    const root = newId();
    const dedupe = { key: 'order-7', hash: null };
    const spoilt = newItem([newDispatch(root), newDispatch(root, { operation: '\u0000', key: { ...newDispatch(root).key, path: 'b' } })], {
      dedupe,
    });
    await expect(storage.ingest([spoilt])).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await storage.history.dispatch(newDispatch(root).key)).toBeNull();
    expect(await storage.ingest([newItem([], { dedupe })])).toMatchObject([{ status: 'created' }]);
  });
});

it('refuses a dispatch that names another tenant or another root than its item', async () => {
  const root = newId();
  for (const key of [
    { ...newDispatch(root).key, tenant: 'globex' },
    { ...newDispatch(root).key, root: newId() },
  ]) {
    await expect(storage.ingest([newItem([newDispatch(root, { key })], { root })])).rejects.toMatchObject({ code: 'invalid_argument' });
  }
});

describe('a storage without its tables', () => {
  it('says that ready() is to be awaited', async () => {
    const bare = postgresStorage({ pool: test.pool, schema: 'nothing_here' });
    await expect(bare.claim(claimAll())).rejects.toMatchObject({ code: 'not_ready', message: expect.stringContaining('ready()') });
  });
});

describe('a server that cannot be reached', () => {
  it('fails with an error that may pass', async () => {
    const pool = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const lost = postgresStorage({ pool, schema: 'patchbay' });
    const expected = { code: 'storage_unavailable', retryable: true };
    await expect(lost.claim(claimAll())).rejects.toMatchObject(expected);
    await expect(lost.ready()).rejects.toMatchObject(expected);
    await expect(lost.configuration.write('acme', [])).rejects.toMatchObject(expected);
    await pool.end();
  });
});

describe('a connection that breaks', () => {
  const terminate = (pid: unknown): Promise<unknown> => test.pool.query('select pg_terminate_backend($1)', [pid]);

  it('in the middle of a transaction fails the call and not the process', async () => {
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
    const other = postgresStorage({ pool, schema: test.schema });
    const database = openDatabase({ pool, schema: test.schema, prepare: true }).within(nobody);
    const broken = database.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const ended = new Promise((resolve) => client.once('end', () => resolve(undefined)));
      await terminate(rows[0]?.pid);
      await ended;
      return database.query({ name: 'one', text: () => 'select 1 as one' }, [], client);
    });
    await expect(broken).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
    expect(await other.claim(claimAll())).toEqual([]);
    await other.close();
    await pool.end();
  });

  it('as soon as it is free fails the call at most and not the process', async () => {
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
    const other = postgresStorage({ pool, schema: test.schema });
    const heard = new Promise((resolve) =>
      pool.once('acquire', (client) => {
        // Before any promise goes on, as where the same packet says both.
        process.nextTick(() => resolve(client.emit('error', new Error('terminating connection'))));
      }),
    );
    await other.configuration.write('acme', []).catch(() => undefined);
    expect(await heard).toBe(true);
    await other.close();
    await pool.end();
  });

  it('while it is idle is replaced, also where the host listens to no errors of its pool', async () => {
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
    const other = postgresStorage({ pool, schema: test.schema });
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    const removed = new Promise((resolve) => pool.once('remove', () => resolve(undefined)));
    await terminate(rows[0]?.pid);
    await removed;
    expect(await other.claim(claimAll())).toEqual([]);
    await other.close();
    expect(pool.listenerCount('error')).toBe(0);
    await pool.end();
  });
});

describe('a server that says nothing any more', () => {
  /** A way to the server on which nothing passes once it has been silenced, with no end said. */
  async function silentRoad() {
    const server = new URL(inject('databaseUrl'));
    const url = new URL(server);
    const ends: Socket[] = [];
    let isSilent = false;
    const road = createServer((near) => {
      const far = connect(Number(server.port), server.hostname);
      const pass = (from: Socket, to: Socket) => from.on('data', (chunk) => isSilent || to.write(chunk)).on('error', () => to.destroy());
      pass(near, far);
      pass(far, near);
      ends.push(near, far);
    }).listen(0, '127.0.0.1');
    await once(road, 'listening');
    const address = road.address();
    url.port = String(typeof address === 'object' ? address?.port : 0);
    return {
      url: url.href,
      silence: (silent: boolean) => {
        isSilent = silent;
      },
      close: () => {
        for (const end of ends) end.destroy();
        road.close();
      },
    };
  }

  it('fails each call in time, and is asked again by a new connection', { timeout: 30_000 }, async () => {
    const road = await silentRoad();
    const pool = new pg.Pool({ connectionString: road.url, max: 1, connectionTimeoutMillis: 1_000 });
    const other = postgresStorage({ pool, schema: test.schema, answerMs: 3_000 });
    expect(await other.claim(claimAll())).toEqual([]);
    road.silence(true);
    const expected = { code: 'storage_unavailable', retryable: true };
    // The second one waits for the connection that the first one has.
    const asked = [other.claim(claimAll()), other.configuration.write('acme', [])];
    await Promise.all(asked.map((each) => expect(each).rejects.toMatchObject(expected)));
    road.silence(false);
    // A connection that was begun on the silent road has its own time to be given up.
    await vi.waitFor(async () => expect(await other.claim(claimAll())).toEqual([]), { timeout: 10_000 });
    await other.close();
    await pool.end();
    road.close();
  });

  it('is not waited for by less than the wait for a lock takes', () => {
    for (const answerMs of [2_999, 600_001, Number.NaN, 3_000.5]) {
      expect(() => postgresStorage({ pool: test.pool, answerMs })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }
  });
});
