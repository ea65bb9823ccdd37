import { auditEntry } from '@patchbay/storage-records';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { sqlState } from '../src/storage-error.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
let app: Pool;

beforeAll(async () => {
  walled = await createWalledSchema();
  const { schema, pool } = walled.owner;
  await pool.query(`revoke update, delete on ${schema}.audit_log from ${walled.role};
    grant update (seq, hash) on ${schema}.audit_log to ${walled.role}`);
  app = walled.open();
});
afterAll(() => walled.close());

const stateOf = (words: string): Promise<string | null> =>
  app.query(words).then(
    () => null,
    (error: unknown) => sqlState(error),
  );

it('needs no more of the audit log than to add, to read and to give places', async () => {
  const { schema } = walled.owner;
  const storage = postgresStorage({ pool: app, schema, rowLevelSecurity: 'required', notify: false });
  await storage.ready();
  const entry = auditEntry();
  await storage.audit.append('acme', [entry]);
  await storage.configuration.write('acme', [], { audit: [auditEntry()] });
  const [waiting] = await storage.audit.unsealed({ limit: 10 });
  const records = (waiting?.records ?? []).map(({ id }, index) => ({ id, hash: `hash-${index + 1}` }));
  expect(await storage.audit.seal([{ tenant: 'acme', behind: { seq: 0, hash: '' }, records }])).toEqual([{ status: 'sealed' }]);
  expect(await storage.audit.chain('acme', { after: 0, limit: 10 })).toHaveLength(2);
  const prune = storage.audit.prune('acme', { through: { seq: 1, hash: 'hash-1' }, entry: auditEntry() });
  await expect(prune).rejects.toMatchObject({ code: 'not_ready', details: { sqlstate: '42501' } });
  await storage.close();
  for (const column of ['tenant', 'id', 'at', 'actor_kind', 'actor_id', 'action', 'object_id', 'outcome', 'details', 'connection'])
    expect(await stateOf(`update ${schema}.audit_log set ${column} = ${column}`)).toBe('42501');
  expect(await stateOf(`delete from ${schema}.audit_log`)).toBe('42501');
});
