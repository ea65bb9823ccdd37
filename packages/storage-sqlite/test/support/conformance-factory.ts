import { DatabaseSync } from 'node:sqlite';
import type { Clock, Storage } from '@patchbay/core/adapter';
import { type FakeClock, fakeClock, type QueueFactory, type StorageFactory } from '@patchbay/testing';
import { temporaryFolder } from './temporary-folder.ts';

/** Opens a storage on a file. */
export type Open = (options: { readonly file: string; readonly clock: Clock }) => Storage;

/** A factory for the conformance suites: a file of its own for each test, on a clock that the test moves. */
export const fileFactory = (open: Open): StorageFactory => ({
  async create() {
    const folder = temporaryFolder();
    const clock = fakeClock();
    const opened: Storage[] = [];
    const another = async (): Promise<Storage> => {
      const storage = open({ file: folder.file, clock });
      opened.push(storage);
      await storage.ready();
      return storage;
    };
    return {
      storage: await another(),
      advance: (ms) => clock.advance(ms),
      second: another,
      async close() {
        for (const storage of opened) await storage.close();
        folder.remove();
      },
    };
  },
});

/** A factory for the queue suite. */
export const queueFactory = (open: Open): QueueFactory => ({
  async create() {
    const { storage, close, second } = await fileFactory(open).create();
    return { queue: storage.queue, close, second: async () => (await second?.())?.queue ?? storage.queue };
  },
});

/** A storage that stays open from test to test, as starting its thread takes longer than most tests. */
function keptOpen(open: Open, file: string, clock: FakeClock): { storage(): Promise<Storage>; close(): Promise<void> } {
  let kept: Storage | null = null;
  return {
    async storage() {
      // A test may have closed it.
      if (kept !== null && (await kept.now().catch(() => null)) === null) kept = null;
      kept ??= open({ file, clock });
      await kept.ready();
      return kept;
    },
    close: async () => kept?.close(),
  };
}

/** A factory for the conformance suites: one file, emptied before each test, and two storages on it. */
export function sharedFileFactory(open: Open): { readonly factory: StorageFactory; close(): Promise<void> } {
  const folder = temporaryFolder();
  const clock = fakeClock();
  const [first, second] = [keptOpen(open, folder.file, clock), keptOpen(open, folder.file, clock)];
  const clear = (): void => {
    const database = new DatabaseSync(folder.file, { timeout: 5_000 });
    const tables = database.prepare("select name from sqlite_schema where type = 'table' and name <> 'wakes'").all();
    database.exec(`begin immediate; ${tables.map(({ name }) => `delete from ${name}`).join('; ')}; commit`);
    database.close();
  };
  return {
    factory: {
      async create() {
        const storage = await first.storage();
        clear();
        return { storage, advance: (ms) => clock.advance(ms), second: () => second.storage(), close: async () => undefined };
      },
    },
    async close() {
      await first.close();
      await second.close();
      folder.remove();
    },
  };
}
