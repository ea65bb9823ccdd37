import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@patchbay/core/adapter';
import { newDispatch, newId, newItem, newRunItem } from '@patchbay/storage-records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../src/schema/tables.ts';
import { sqliteStorage } from '../src/sqlite-storage.ts';
import { startProgram } from './support/child-program.ts';
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

async function open(options: { readonly busyMs?: number } = {}): Promise<Storage> {
  const storage = sqliteStorage({ file: folder.file, ...options });
  opened.push(storage);
  await storage.ready();
  return storage;
}

const rootsAfter = (lines: readonly string[], word: string): readonly string[] =>
  lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));

describe('a process that is killed in the middle of its writes', () => {
  it('loses nothing that was acknowledged', { timeout: 60_000 }, async () => {
    const acknowledged = { stored: new Set<string>(), settled: new Set<string>() };
    for (const count of [60, 150, 240]) {
      const child = startProgram('writing-host.ts', [folder.file]);
      await child.printed(count);
      child.process.kill('SIGKILL');
      expect(await child.ended()).toBeNull();
      for (const root of rootsAfter(child.lines, 'stored')) acknowledged.stored.add(root);
      for (const root of rootsAfter(child.lines, 'settled')) acknowledged.settled.add(root);
    }
    const storage = await open();
    expect(acknowledged.settled.size).toBeGreaterThan(50);
    for (const root of acknowledged.stored) expect(await storage.history.event('acme', root)).not.toBeNull();
    for (const root of acknowledged.settled) {
      expect(await storage.history.dispatch(newDispatch(root).key)).toMatchObject({ status: 'succeeded', attempts: 1 });
    }
    const database = new DatabaseSync(folder.file);
    expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });
});

describe('two processes on one file', () => {
  it('do each of 300 dispatches once', { timeout: 60_000 }, async () => {
    const storage = await open();
    const items = Array.from({ length: 300 }, () => newRunItem(['ticket']));
    await storage.ingest(items);
    const children = [startProgram('draining-host.ts', [folder.file]), startProgram('draining-host.ts', [folder.file])];
    for (const child of children) await child.printed(1);
    for (const child of children) child.go();
    for (const child of children) expect(await child.ended()).toBe(0);
    const done = children.map(({ lines }) => rootsAfter(lines, 'settled'));
    expect(done.flat().sort()).toEqual(items.map(({ root }) => root).sort());
    for (const roots of done) expect(roots.length).toBeGreaterThan(0);
  });

  it('are woken by what the other commits', { timeout: 30_000 }, async () => {
    const storage = await open();
    const woken = new Promise<string>((resolve) => storage.queue.onWake(() => resolve('woken')));
    const child = startProgram('writing-host.ts', [folder.file]);
    await child.printed(1);
    child.process.kill('SIGKILL');
    expect(await woken).toBe('woken');
    await child.ended();
  });

  it('make the tables once when they start at the same time', { timeout: 60_000 }, async () => {
    const children = Array.from({ length: 4 }, () => startProgram('draining-host.ts', [folder.file]));
    for (const child of children) await child.printed(1);
    for (const child of children) child.go();
    for (const child of children) expect(await child.ended()).toBe(0);
    const database = new DatabaseSync(folder.file);
    expect(database.prepare('select count(*) as count from wakes').get()).toEqual({ count: 1 });
    expect(database.prepare('pragma user_version').get()).toEqual({ user_version: migrations.length });
    database.close();
  });
});

describe('while another process holds the write lock', () => {
  it("the host's event loop goes on, reads are answered, and the write is done when the lock is free", { timeout: 30_000 }, async () => {
    const storage = await open();
    const before = newItem();
    await storage.ingest([before]);
    const child = startProgram('locking-host.ts', [folder.file]);
    await child.printed(1);
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 10);
    const order: string[] = [];
    const writing = storage.ingest([newItem()]).then(([verdict]) => order.push(`${verdict?.status}`));
    const reading = storage.history.event('acme', before.root).then((event) => order.push(event === null ? 'lost' : 'read'));
    await Promise.all([writing, reading]);
    clearInterval(timer);
    expect(order).toEqual(['read', 'created']);
    // About 150 fit into the 1.5 seconds; a loop that stands still fits none.
    expect(ticks).toBeGreaterThan(30);
    expect(await child.ended()).toBe(0);
  });

  it('a call gives up in time as one that may be repeated, and has left nothing', async () => {
    const storage = await open({ busyMs: 100 });
    const database = new DatabaseSync(folder.file);
    database.exec('begin immediate');
    const item = newItem([newDispatch(newId())]);
    await expect(storage.ingest([item])).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
    expect(await storage.history.event('acme', item.root)).toBeNull();
    database.exec('rollback');
    database.close();
    expect(await storage.ingest([item])).toMatchObject([{ status: 'created' }]);
  });
});

describe('a host that has nothing under way', () => {
  for (const then of ['leave', 'close']) {
    it(`ends by itself, ${then === 'close' ? 'also after' : 'though it did not'} close the storage`, { timeout: 30_000 }, async () => {
      const child = startProgram('idle-host.ts', [folder.file, then]);
      expect(await child.ended()).toBe(0);
      expect(child.lines).toEqual(['created']);
    });
  }
});
