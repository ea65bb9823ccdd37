import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newId, newItem } from '@patchbay/storage-records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../src/schema/tables.ts';
import { sqliteStorage } from '../src/sqlite-storage.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

let folder: TemporaryFolder;
const opened: Storage[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  folder.remove();
});

function open(file = folder.file): Storage {
  const storage = sqliteStorage({ file });
  opened.push(storage);
  return storage;
}

describe('the file', () => {
  it('is for this user alone, with its write-ahead log', async () => {
    const storage = open();
    await storage.ready();
    await storage.ingest([newItem()]);
    for (const path of [folder.file, `${folder.file}-wal`]) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps the rights that it has', async () => {
    writeFileSync(folder.file, '', { mode: 0o640 });
    const storage = open();
    await storage.ready();
    expect(statSync(folder.file).mode & 0o777).toBe(0o640);
  });

  for (const file of [':memory:', '']) {
    it(`is refused as ${JSON.stringify(file)}, which keeps nothing, with the storage to take instead`, () => {
      expect(() => sqliteStorage({ file })).toThrow(
        expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('memoryStorage()') }),
      );
    });
  }

  it('in a folder that does not exist is refused with what to do', async () => {
    const storage = open(join(folder.path, 'missing', 'patchbay.db'));
    await expect(storage.ready()).rejects.toMatchObject({ code: 'not_ready', message: expect.stringContaining('does not exist. Make it') });
  });

  it('of another kind is refused and left as it is', async () => {
    writeFileSync(folder.file, 'Dear diary, '.repeat(100));
    await expect(open().ready()).rejects.toMatchObject({ code: 'not_ready', message: expect.stringContaining('no SQLite database') });
    expect(statSync(folder.file).size).toBe(1_200);
  });

  it('of another application is refused', async () => {
    const database = new DatabaseSync(folder.file);
    database.exec('create table invoices (id integer primary key)');
    database.close();
    await expect(open().ready()).rejects.toMatchObject({ code: 'not_ready', message: expect.stringContaining('a file of its own') });
  });

  it('of a newer version is refused, by ready() and by every call', async () => {
    const storage = open();
    await storage.ready();
    await storage.close();
    const database = new DatabaseSync(folder.file);
    database.exec('pragma user_version = 99');
    database.close();
    const newer = { code: 'not_ready', message: expect.stringContaining('Deploy a newer package') };
    await expect(open().ready()).rejects.toMatchObject(newer);
    await expect(open().claim(claimAll())).rejects.toMatchObject(newer);
  });

  it('of an older version is brought up to date, with all that is in it', async () => {
    const older = new DatabaseSync(folder.file);
    for (const statement of migrations[0] ?? []) older.exec(statement);
    older.exec("insert into gates (tenant, lane, reason, until) values ('acme', 'connection:1', 'paused', null)");
    older.exec('pragma application_id = 0x50424159');
    older.exec('pragma user_version = 1');
    older.close();
    const storage = open();
    await storage.ready();
    expect(await storage.gates.list('acme')).toMatchObject([{ lane: 'connection:1', reason: 'paused' }]);
    await storage.close();
    const newer = new DatabaseSync(folder.file);
    expect(newer.prepare('pragma user_version').get()).toEqual({ user_version: migrations.length });
    expect(newer.prepare("select name from sqlite_schema where name = 'dispatches_dead'").all()).toHaveLength(1);
    newer.close();
  });

  it('without its tables says that ready() is to be awaited', async () => {
    await expect(open().claim(claimAll())).rejects.toMatchObject({ code: 'not_ready', message: expect.stringContaining('ready()') });
  });

  it('keeps its write-ahead log small while much is written', async () => {
    const storage = open();
    await storage.ready();
    const bytes = new Uint8Array(256 * 1_024);
    for (let count = 0; count < 80; count += 1) {
      const item = newItem();
      await storage.ingest([{ ...item, event: item.event && { ...item.event, data: { codec: 'plain', bytes } } }]);
    }
    expect(statSync(folder.file).size).toBeGreaterThan(10 * 1_024 * 1_024);
    expect(statSync(`${folder.file}-wal`).size).toBeLessThan(10 * 1_024 * 1_024);
  });
});

it('is closed for good by close()', async () => {
  const storage = open();
  await storage.ready();
  await storage.close();
  await expect(storage.ingest([newItem()])).rejects.toMatchObject({ code: 'not_ready', retryable: false });
});

/** Commits in the write-ahead log: frames that say how large the file is after them. Source: sqlite.org/fileformat.html, section 4.1. */
function commitsInLog(): number {
  const log = readFileSync(`${folder.file}-wal`);
  const [headerBytes, frameHeaderBytes, pageBytes] = [32, 24, log.readUInt32BE(8)];
  let commits = 0;
  for (let at = headerBytes; at < log.length; at += frameHeaderBytes + pageBytes) commits += Number(log.readUInt32BE(at + 4) > 0);
  return commits;
}

describe('calls of one turn of the event loop', () => {
  it('share a commit', async () => {
    const storage = open();
    await storage.ready();
    const before = commitsInLog();
    await Promise.all(Array.from({ length: 50 }, () => storage.ingest([newItem()])));
    expect(commitsInLog() - before).toBe(1);
    await storage.ingest([newItem()]);
    expect(commitsInLog() - before).toBe(2);
  });

  it('are stored without one of them that is refused', async () => {
    const storage = open();
    await storage.ready();
    const [first, last] = [newItem(), newItem()];
    const bad = newItem([], { event: JSON.parse('{"tenant":"acme"}') });
    const answers = await Promise.allSettled([storage.ingest([first]), storage.ingest([newItem(), bad]), storage.ingest([last])]);
    expect(answers).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'invalid_argument' } },
      { status: 'fulfilled' },
    ]);
    const stored = (await storage.history.events('acme', {}, { cursor: null, limit: 10 })).items.map(({ id }) => id);
    expect(stored.sort()).toEqual([first.root, last.root].sort());
  });

  it('are sent although one of them holds what no thread can be sent', async () => {
    const storage = open();
    await storage.ready();
    const item = newItem();
    const unsendable: typeof item = Object.assign(newItem(), { extra: () => undefined });
    const answers = await Promise.allSettled([storage.ingest([unsendable]), storage.ingest([item])]);
    expect(answers).toMatchObject([{ status: 'rejected', reason: { code: 'invalid_argument' } }, { status: 'fulfilled' }]);
  });
});

describe('odd values', () => {
  it('come back as they were: control characters, NUL within JSON and properties called __proto__', async () => {
    const storage = open();
    await storage.ready();
    const root = newId();
    const item = newItem([], { root });
    await storage.ingest([{ ...item, event: item.event && { ...item.event, subject: 'x\u0001\u001fy' } }]);
    expect(await storage.history.event('acme', root)).toMatchObject({ subject: 'x\u0001\u001fy' });
    const value = JSON.parse('{"name":"index","pattern":"a\\u0000b","__proto__":{"admin":true}}');
    await storage.configuration.write('acme', [{ put: 'subscriber', id: 's', name: 'index', expect: 'absent', value }]);
    const row = await storage.configuration.get('acme', 'subscriber', 's');
    expect(JSON.stringify(row?.value)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(row?.value)).toBe(Object.prototype);
  });

  const refused: readonly (readonly [string, object])[] = [
    ['half a surrogate pair', { subject: 'a\ud800' }],
    ['a NUL character', { subject: 'a\u0000b' }],
    ['a BigInt beyond the numbers of JavaScript', { time: 2n ** 80n }],
    ['a missing field', { type: undefined }],
  ];
  for (const [what, change] of refused) {
    it(`are refused where they cannot be kept: ${what}`, async () => {
      const storage = open();
      await storage.ready();
      const item = newItem();
      const odd: typeof item = { ...item, event: item.event && Object.assign({ ...item.event }, change) };
      await expect(storage.ingest([odd])).rejects.toMatchObject({ code: 'invalid_argument', retryable: false });
      expect(await storage.history.event('acme', item.root)).toBeNull();
    });
  }
});
