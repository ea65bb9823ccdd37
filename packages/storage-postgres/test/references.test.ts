import type { Change, Storage } from '@patchbay/core/adapter';
import { connectionChange, credentialOf, registrationOf } from '@patchbay/storage-records';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const rows = async (table: string): Promise<number> => (await test.pool.query(`select from ${test.schema}.${table}`)).rowCount ?? 0;

describe.each([
  ['a credential', credentialOf, 'credential'],
  ['a registration', registrationOf, 'registration'],
] as const)('%s', (_, changeOf, kind) => {
  it("cannot name another tenant's connection, and the whole change is refused", async () => {
    await storage.configuration.write('acme', [connectionChange]);
    const subscriber: Change = { put: 'subscriber', id: 's', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } };
    await expect(storage.configuration.write('globex', [subscriber, changeOf('c-1')])).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('connection'),
      details: { sqlstate: '23503' },
    });
    expect([await rows('subscribers'), await rows(`${kind}s`)]).toEqual([0, 0]);
    expect((await storage.configuration.revision('globex')).tenant).toBe(0);
  });

  it('cannot name a connection that is not there', async () => {
    await expect(storage.configuration.write('acme', [changeOf('c-2')])).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('may come before its connection in one change, and goes with it', async () => {
    const both = [changeOf('c-1'), connectionChange];
    expect(await storage.configuration.write('acme', both)).toEqual({ status: 'written', revision: 1 });
    expect(await storage.configuration.write('acme', both)).toEqual({ status: 'written', revision: 1 });
    const [written] = (await storage.configuration.list('acme', kind, { cursor: null, limit: 1 })).rows;
    const gone: Change[] = [
      { delete: 'connection', id: 'c-1', expect: 1 },
      { delete: kind, id: written?.id ?? '', expect: 1 },
    ];
    expect(await storage.configuration.write('acme', gone)).toMatchObject({ status: 'written' });
    expect([await rows('connections'), await rows(`${kind}s`)]).toEqual([0, 0]);
  });
});

it('says in a column when a credential expires', async () => {
  await storage.configuration.write('acme', [connectionChange, credentialOf('c-1')]);
  const { rows: found } = await test.pool.query(
    `select expires_at from ${test.schema}.credentials where expires_at > now() - interval '1 day'`,
  );
  expect(found).toEqual([{ expires_at: new Date(1_800_000_000_000) }]);
});

it('keeps the audit log when a connection goes', async () => {
  await storage.configuration.write('acme', [connectionChange]);
  await test.pool.query(
    `insert into ${test.schema}.audit_log (tenant, id, at, actor_kind, actor_id, action, object_type, object_id, outcome, details, connection)
     values ('acme', gen_random_uuid(), now(), 'user', 'ada', 'connection.put', 'connection', 'c-1', 'succeeded', '{}', 'c-1')`,
  );
  await storage.configuration.write('acme', [{ delete: 'connection', id: 'c-1', expect: 1 }]);
  expect(await rows('audit_log')).toBe(1);
});
