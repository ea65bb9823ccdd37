import type { Change, ConnectionRecord, CredentialRecord, RegistrationRecord, Storage } from '@patchbay/core/adapter';
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

const record: ConnectionRecord = {
  connector: 'github',
  name: 'main',
  status: 'active',
  owner: null,
  externalAccountId: null,
  externalAccountName: null,
  settings: {},
  metadata: {},
  secretVersion: 1,
  connectedAt: 1_790_000_000_000,
};

const connection: Change = { put: 'connection', id: 'c-1', name: 'main', expect: 'absent', value: record };

const credentialOf = (id: string): Change => {
  const value: CredentialRecord & { readonly expiresAt: number } = {
    connection: id,
    kind: 'bearer',
    sealed: 'c2VhbGVk',
    secretVersion: 1,
    expiresAt: 1_800_000_000_000,
  };
  return { put: 'credential', id, name: id, expect: 'absent', value };
};

const registrationOf = (id: string): Change => {
  const value: RegistrationRecord = { connector: 'github', connection: id, triggers: [], secrets: [], createdAt: 1_790_000_000_000 };
  return { put: 'registration', id: 'r-1', name: 'hook', expect: 'absent', value };
};

const rows = async (table: string): Promise<number> => (await test.pool.query(`select from ${test.schema}.${table}`)).rowCount ?? 0;

describe.each([
  ['a credential', credentialOf, 'credential'],
  ['a registration', registrationOf, 'registration'],
] as const)('%s', (_, changeOf, kind) => {
  it("cannot name another tenant's connection, and the whole change is refused", async () => {
    await storage.configuration.write('acme', [connection]);
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
    const both = [changeOf('c-1'), connection];
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
  await storage.configuration.write('acme', [connection, credentialOf('c-1')]);
  const { rows: found } = await test.pool.query(
    `select expires_at from ${test.schema}.credentials where expires_at > now() - interval '1 day'`,
  );
  expect(found).toEqual([{ expires_at: new Date(1_800_000_000_000) }]);
});

it('keeps the audit log when a connection goes', async () => {
  await storage.configuration.write('acme', [connection]);
  await test.pool.query(
    `insert into ${test.schema}.audit_log (tenant, id, at, actor, act, connection) values ('acme', gen_random_uuid(), now(), 'ada', 'connection.put', 'c-1')`,
  );
  await storage.configuration.write('acme', [{ delete: 'connection', id: 'c-1', expect: 1 }]);
  expect(await rows('audit_log')).toBe(1);
});
