import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newItem, succeeded } from '@patchbay/storage-records';
import { fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrations } from '../src/schema/tables.ts';
import { countedRows } from './support/counted-rows.ts';
import { type FirstRows, fillFirstVersion } from './support/fill-first-version.ts';
import { storageHere } from './support/in-one-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

let folder: TemporaryFolder;
let storage: Storage;
let rows: FirstRows;

beforeEach(() => {
  folder = temporaryFolder();
  rows = fillFirstVersion(folder.file);
  storage = storageHere({ file: folder.file, clock: fakeClock() });
});
afterEach(async () => {
  await storage.close();
  folder.remove();
});

const read = (sql: string): unknown[] => {
  const database = new DatabaseSync(folder.file, { readOnly: true });
  const found = database.prepare(sql).all();
  database.close();
  return found;
};

it('brings a file of the first version up to date, and loses nothing of what is in it', async () => {
  const before = countedRows(folder.file);
  await storage.ready();
  expect(countedRows(folder.file)).toEqual(before);
  expect(before).toEqual({ events: 203, event_marks: 1, runs: 2, dispatches: 2, attempts: 0, event_dedupe: 203 });
  const again = newItem([], { dedupe: { key: `delivery:${rows.ended}`, hash: null }, plan: null });
  expect(await storage.ingest([again])).toEqual([{ status: 'duplicate', root: rows.ended }]);
  const [dispatch] = await storage.claim(claimAll());
  expect(dispatch).toMatchObject({ key: { root: rows.open }, run: { key: { automation: rows.automation }, status: 'running' } });
  expect(await storage.settle(dispatch === undefined ? [] : [succeeded(dispatch)])).toMatchObject([{ status: 'settled' }]);
  const marks = await storage.claimMarks({ holder: 'router', limit: 10, ttlMs: 1_000 });
  expect(marks).toMatchObject([{ root: rows.marked }]);
});

it('keeps what is configured, and drops what belongs to a connection of another tenant', async () => {
  await storage.ready();
  const { configuration } = storage;
  expect(await configuration.get('acme', 'credential', 'k-1')).toMatchObject({ name: 'c-1', version: 4, value: { sealed: 'c2VhbGVk' } });
  expect(await configuration.get('globex', 'credential', 'k-2')).toMatchObject({ name: 'c-2', version: 4 });
  expect(await configuration.get('globex', 'credential', 'k-3')).toBeNull();
  expect(await configuration.locateRegistration('r-1')).toBe('acme');
  expect(await configuration.locateAccount('github', 'account-1')).toHaveLength(1);
  expect(await configuration.revision('acme')).toEqual({ hub: 0, tenant: 7 });
  expect(read('pragma foreign_key_check')).toEqual([]);
});

it('leaves an old file and a new one with the same tables', async () => {
  await storage.ready();
  const schema = 'select type, name, sql from sqlite_schema order by type, name';
  const migrated = read(schema);
  await storage.close();
  folder.remove();
  folder = temporaryFolder();
  storage = storageHere({ file: folder.file, clock: fakeClock() });
  await storage.ready();
  expect(read(schema)).toEqual(migrated);
});

it('is done once where two processes start at the same time', async () => {
  const other = storageHere({ file: folder.file, clock: fakeClock() });
  await Promise.all([storage.ready(), other.ready()]);
  expect(read('pragma user_version')).toEqual([{ user_version: migrations.length }]);
  expect(await other.history.event('acme', rows.ended)).not.toBeNull();
  await other.close();
});
