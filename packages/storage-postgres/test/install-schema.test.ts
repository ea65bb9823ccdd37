import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { installSchema } from '../src/schema/install-schema.ts';
import { newItem } from './support/records.ts';

let pool: pg.Pool;
let schema = '';

beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 10 });
});
afterEach(async () => {
  if (schema !== '') await pool.query(`drop schema if exists ${schema} cascade`);
  schema = '';
});
afterAll(() => pool.end());

const newSchema = (): string => {
  schema = `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  return schema;
};

describe('installSchema', () => {
  it('makes the tables once, however many processes ask for them at once', async () => {
    const name = newSchema();
    await Promise.all(Array.from({ length: 8 }, () => installSchema(pool, { schema: name })));
    const { rows } = await pool.query(`select version from ${name}.installed`);
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('changes nothing when it is called again, and waits for nobody who writes', async () => {
    const name = newSchema();
    const storage = postgresStorage({ pool, schema: name });
    await storage.ready();
    const item = newItem();
    const host = await pool.connect();
    await host.query('begin');
    await storage.ingest([{ ...item, plan: null }], { transaction: host });
    await storage.ready();
    await host.query('commit');
    host.release();
    expect(await storage.history.event('acme', item.root)).not.toBeNull();
    await storage.close();
  });

  it('refuses tables of a newer version', async () => {
    const name = newSchema();
    await installSchema(pool, { schema: name });
    await pool.query(`insert into ${name}.installed values (99, now())`);
    await expect(installSchema(pool, { schema: name })).rejects.toMatchObject({
      code: 'not_ready',
      message: expect.stringContaining('99'),
    });
  });

  it('says so when the role may not create', async () => {
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    await pool.query(`create role ${role} login`);
    const url = new URL(inject('databaseUrl'));
    url.username = role;
    const powerless = new pg.Pool({ connectionString: url.href });
    await expect(installSchema(powerless, { schema: newSchema() })).rejects.toMatchObject({ code: 'not_ready' });
    await powerless.end();
    await pool.query(`drop role ${role}`);
  });

  for (const name of ['', 'Patchbay', 'a-b', 'a"; drop table x; --', 'pg_own', '1st', 'x'.repeat(49)]) {
    it(`refuses "${name}" as the name of a schema`, async () => {
      await expect(installSchema(pool, { schema: name })).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(() => postgresStorage({ pool, schema: name })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    });
  }
});
