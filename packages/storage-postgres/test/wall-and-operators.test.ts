import { auditEntry, newItem } from '@patchbay/storage-records';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import type { RowLevelSecurity } from '../src/wall/check-wall.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
let pool: Pool;
beforeEach(async () => {
  walled = await createWalledSchema();
  pool = walled.open();
});
afterEach(() => walled.close());

const open = (rowLevelSecurity: RowLevelSecurity) =>
  postgresStorage({ pool, schema: walled.owner.schema, rowLevelSecurity, notify: false });

const page = { after: null, limit: 10 } as const;

const subscriber = (tenant: string) => ({
  ...({ put: 'subscriber', id: `s-${tenant}`, name: 'index', expect: 'absent' } as const),
  value: { name: 'index', pattern: '*' },
});

it('lists all tenants behind the wall, and leaves no scope with the connection', async () => {
  const storage = open('required');
  for (const tenant of ['acme', 'globex']) await storage.configuration.write(tenant, [subscriber(tenant)], { audit: [auditEntry()] });
  await storage.ingest([{ ...newItem([], { plan: null }) }]);
  expect(await storage.listTenants(page)).toEqual(['acme', 'globex']);
  const seen = await Promise.all(Array.from({ length: 5 }, () => pool.query(`select * from ${walled.owner.schema}.subscribers`)));
  expect(seen.map(({ rowCount }) => rowCount)).toEqual([0, 0, 0, 0, 0]);
  await storage.close();
});

it('lists nobody rather than some where the role may not look at a table, or nothing says a scope', async () => {
  const writer = open('required');
  for (const tenant of ['acme', 'globex']) await writer.configuration.write(tenant, [subscriber(tenant)]);
  const silent = open('off');
  expect(await silent.listTenants(page)).toEqual([]);
  await expect(silent.ready()).rejects.toMatchObject({ code: 'not_ready' });
  await walled.owner.pool.query(`revoke select on ${walled.owner.schema}.dispatches from ${walled.role}`);
  await expect(writer.listTenants(page)).rejects.toMatchObject({ details: { sqlstate: '42501' } });
  await silent.close();
  await writer.close();
});
