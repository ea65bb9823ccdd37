import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newRunItem, succeeded } from '@patchbay/storage-records';
import pg, { type ClientBase } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;

beforeAll(async () => {
  test = await createTestSchema();
});
afterEach(() => test.clear());
afterAll(() => test.close());

/** Takes an event through ingest, claim and settle, and answers what the history says. */
async function passThrough(storage: Storage<ClientBase>): Promise<unknown> {
  const item = newRunItem(['ticket']);
  const receipt = { registration: 'r1', deliveryId: 'd1' };
  const bytes = new Uint8Array(Array.from({ length: 256 }, (_, byte) => byte));
  await storage.ingest([{ ...item, event: item.event && { ...item.event, receipt, data: { codec: 'sealed', bytes } } }]);
  const [dispatch] = await storage.claim(claimAll());
  if (dispatch === undefined) throw new Error('Nothing was claimed.');
  await storage.settle([succeeded(dispatch)]);
  const event = await storage.history.event('acme', item.root);
  const ended = await storage.history.dispatch(dispatch.key);
  return {
    bytes: event?.data.bytes,
    time: event?.time,
    receipt: event?.receipt,
    lease: dispatch.leaseUntil - dispatch.storeNow,
    started: (await storage.history.attempts(dispatch.key)).map(({ startedAt }) => startedAt === dispatch.storeNow),
    ended: ended?.status,
    output: ended?.output,
    revision: (await storage.history.runs('acme', {}, { cursor: null, limit: 1 })).items[0]?.revision,
  };
}

const expected = {
  bytes: new Uint8Array(Array.from({ length: 256 }, (_, byte) => byte)),
  time: 1_790_000_000_000,
  receipt: { registration: 'r1', deliveryId: 'd1' },
  lease: 30_000,
  started: [true],
  ended: 'succeeded',
  output: '{"key":"OPS-1"}',
  revision: 2,
};

describe('a storage on the pool of a host', () => {
  it('does not mind how the sessions print dates, bytes and numbers', async () => {
    const options =
      '-c DateStyle=SQL,DMY -c TimeZone=Asia/Kolkata -c bytea_output=escape -c extra_float_digits=0 -c search_path=pg_catalog';
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), options, max: 2 });
    expect(await passThrough(postgresStorage({ pool, schema: test.schema }))).toEqual(expected);
    await pool.end();
  });

  it('does not mind how the host has values parsed, and leaves that as it is', async () => {
    const { builtins } = pg.types;
    const own = (): string => 'parsed by the host';
    const changed = [
      builtins.INT8,
      builtins.INT4,
      builtins.BOOL,
      builtins.JSON,
      builtins.TIMESTAMPTZ,
      builtins.FLOAT8,
      builtins.TEXT,
      builtins.UUID,
    ];
    const before = changed.map((type) => pg.types.getTypeParser(type, 'text'));
    for (const type of changed) pg.types.setTypeParser(type, own);
    try {
      expect(await passThrough(postgresStorage({ pool: test.pool, schema: test.schema }))).toEqual(expected);
      expect((await test.pool.query('select 1::bigint as n')).rows).toEqual([{ n: 'parsed by the host' }]);
    } finally {
      for (const [index, type] of changed.entries()) pg.types.setTypeParser(type, before[index] ?? String);
    }
  });

  it('prepares nothing where it is told so', async () => {
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
    expect(await passThrough(postgresStorage({ pool, schema: test.schema, prepare: false }))).toEqual(expected);
    expect((await pool.query('select name from pg_prepared_statements')).rows).toEqual([]);
    await pool.end();
  });

  it('leaves no setting behind on a connection', async () => {
    const pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 });
    const settings = "select name, setting from pg_settings where source = 'session' order by name";
    const before = (await pool.query(settings)).rows;
    await passThrough(postgresStorage({ pool, schema: test.schema }));
    expect((await pool.query(settings)).rows).toEqual(before);
    await pool.end();
  });
});
