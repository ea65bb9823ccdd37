import type { Storage } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
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

const put = (id: string, before: number | 'absent' = 'absent') =>
  storage.configuration.write('acme', [{ put: 'subscriber', id, name: id, expect: before, value: { name: id, pattern: '*' } }]);

it('knows that a process of an older version has changed something, though not what', async () => {
  await put('a');
  await test.pool.query(`update ${test.schema}.configuration_revisions set revision = revision + 1 where scope = 'acme'`);
  await put('b');
  expect(await storage.configuration.changes('acme', ['subscriber'], 1)).toBeNull();
  expect((await storage.configuration.changes('acme', ['subscriber'], 2))?.rows.subscriber?.map(({ id }) => id)).toEqual(['b']);
});

it('is no longer than the revisions that it serves', async () => {
  await put('a');
  for (let version = 1; version <= 300; version += 1) await put('a', version);
  const { rows } = await test.pool.query<{ least: string; kept: string }>(
    `select min(revision) as least, count(*) as kept from ${test.schema}.configuration_changes where scope = 'acme'`,
  );
  expect(rows).toEqual([{ least: '46', kept: '256' }]);
});
