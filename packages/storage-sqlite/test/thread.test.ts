import { DatabaseSync } from 'node:sqlite';
import { fullRetention, systemClock } from '@patchbay/core/adapter';
import { newItem } from '@patchbay/storage-records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorker } from '../src/start-worker.ts';
import { storageOver } from '../src/storage-over.ts';
import { databaseThread, type StartedThread } from '../src/thread/database-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** A storage whose threads the test can end. */
function openMortal() {
  const started: StartedThread[] = [];
  const thread = databaseThread({
    thread: { file: folder.file, busyMs: 5_000 },
    clock: systemClock,
    now: () => null,
    start(options, listener) {
      const made = startWorker(options, listener);
      started.push(made);
      return made;
    },
  });
  return { storage: storageOver({ thread, clock: systemClock, retention: fullRetention() }), started };
}

describe('a thread that dies', () => {
  it('fails what is under way as what may be repeated, and another takes its place', async () => {
    const { storage, started } = openMortal();
    await storage.ready();
    const other = new DatabaseSync(folder.file);
    other.exec('begin immediate');
    const item = newItem();
    const under = storage.ingest([item]);
    const failed = expect(under).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
    await storage.now();
    await started[0]?.terminate();
    await failed;
    other.exec('rollback');
    expect(await storage.ingest([item])).toMatchObject([{ status: 'created' }]);
    expect(started).toHaveLength(2);
    other.close();
    await storage.close();
  });

  it('goes on waking where it was listened to', async () => {
    const { storage, started } = openMortal();
    await storage.ready();
    const woken = new Promise<string>((resolve) => storage.queue.onWake(() => resolve('woken')));
    await started[0]?.terminate();
    await storage.now();
    const other = new DatabaseSync(folder.file);
    other.exec('update wakes set count = count + 1');
    other.close();
    expect(await woken).toBe('woken');
    await storage.close();
  });

  it('cannot be started at all: the call fails and not the process', async () => {
    let tries = 0;
    const thread = databaseThread({
      thread: { file: folder.file, busyMs: 5_000 },
      clock: systemClock,
      now: () => null,
      start(options, listener) {
        tries += 1;
        if (tries === 1) throw new Error('no more threads');
        return startWorker(options, listener);
      },
    });
    await expect(thread.ready()).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
    await thread.ready();
    await thread.close();
  });

  it('leaves nothing to close', async () => {
    const { storage, started } = openMortal();
    await storage.ready();
    await started[0]?.terminate();
    await storage.close();
    await storage.close();
    expect(started).toHaveLength(1);
  });
});
