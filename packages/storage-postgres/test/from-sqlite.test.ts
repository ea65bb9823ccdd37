import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@patchbay/core/adapter';
import { claimAll, connectionRecord, newDispatch, newId, newItem, succeeded } from '@patchbay/storage-records';
import { copyStorage, sqliteStorage } from '@patchbay/storage-sqlite';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let to: Storage<ClientBase>;
const folder = mkdtempSync(join(tmpdir(), 'patchbay-from-sqlite-'));

beforeAll(async () => {
  test = await createTestSchema();
  to = postgresStorage({ pool: test.pool, schema: test.schema });
});
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

it('takes over from a SQLite file: configuration, events, and the keys that make a delivery come in once', {
  timeout: 30_000,
}, async () => {
  const file = join(folder, 'patchbay.db');
  const from = sqliteStorage({ file });
  await from.ready();
  const value = { connection: 'c-1', kind: 'bearer', sealed: 'c2VhbGVk', secretVersion: 3 };
  const plan = (dispatches = [newDispatch(newId())]) => ({ revision: { hub: 0, tenant: 1 }, considered: [], runs: [], dispatches });
  await from.configuration.write('acme', [
    { put: 'connection', id: 'c-1', name: 'main', expect: 'absent', value: connectionRecord },
    { put: 'credential', id: 'c-1', name: 'main', expect: 'absent', value },
  ]);
  const items = Array.from({ length: 60 }, () => {
    const root = newId();
    return newItem([], { root, plan: plan([newDispatch(root)]) });
  });
  await from.ingest(items);
  await from.settle((await from.claim(claimAll())).map((dispatch) => succeeded(dispatch)));
  await from.close();

  for (const events of [60, 0]) expect(await copyStorage({ file, to })).toMatchObject({ rows: 2, events, keys: 60, taken: 0 });
  expect(await to.configuration.get('acme', 'credential', 'c-1')).toMatchObject({ value });
  for (const { root, event } of items) expect(await to.history.event('acme', root)).toMatchObject({ ...event });
  const again = items.map(({ dedupe }) => newItem([], { dedupe, plan: plan([]) }));
  expect(new Set((await to.ingest(again)).map(({ status }) => status))).toEqual(new Set(['duplicate']));
  expect(await to.claim(claimAll())).toEqual([]);
});
