import { DatabaseSync } from 'node:sqlite';
import { newItem } from '@patchbay/storage-records';
import { describeQueue, describeStorage, fakeClock } from '@patchbay/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueFactory, sharedFileFactory } from './support/conformance-factory.ts';
import { storageHere } from './support/in-one-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

// All that runs in the thread, here in the test's own, where coverage and mutants reach it.
const { factory, close } = sharedFileFactory(storageHere);
afterAll(close);

describeStorage('sqlite in one thread', factory);

describeQueue('sqlite in one thread', queueFactory(storageHere));

describe('the serving side', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('tries again while another connection writes, answers reads meanwhile, and gives up in time', async () => {
    const storage = storageHere({ file: folder.file, clock: fakeClock(), busyMs: 600 });
    await storage.ready();
    const other = new DatabaseSync(folder.file);
    other.exec('begin immediate');
    const order: string[] = [];
    const first = storage.ingest([newItem()]).catch(({ code }: { code: string }) => order.push(code));
    await storage.history.events('acme', {}, { cursor: null, limit: 1 }).then(() => order.push('read'));
    await first;
    const second = storage.ingest([newItem()]).then(([verdict]) => order.push(`${verdict?.status}`));
    await storage.now();
    other.exec('commit');
    await second;
    expect(order).toEqual(['read', 'storage_unavailable', 'created']);
    other.close();
    await storage.close();
  });

  it('refuses a file of a newer version', async () => {
    const first = storageHere({ file: folder.file, clock: fakeClock() });
    await first.ready();
    await first.close();
    const database = new DatabaseSync(folder.file);
    database.exec('pragma user_version = 99');
    database.close();
    const second = storageHere({ file: folder.file, clock: fakeClock() });
    await expect(second.ready()).rejects.toMatchObject({ code: 'not_ready' });
    await second.close();
  });
});
