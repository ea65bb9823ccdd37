import { describeQueue, describeStorage, type QueueFactory, type StorageFactory } from '@patchbay/testing';
import { afterAll } from 'vitest';
import { sqliteStorage } from '../src/sqlite-storage.ts';
import { fileFactory, sharedFileFactory } from './support/conformance-factory.ts';
import { storageHere } from './support/in-one-thread.ts';

const queues = (factory: StorageFactory): QueueFactory => ({
  async create() {
    const { storage, close, second } = await factory.create();
    const { queue } = storage;
    const end = async (): Promise<void> => {
      await queue.close();
      await close();
    };
    return { queue, close: end, second: async () => (await second?.())?.queue ?? queue };
  },
});

const { factory, close } = sharedFileFactory(sqliteStorage);
afterAll(close);
describeStorage('sqlite', factory);
describeQueue('sqlite', queues(fileFactory(sqliteStorage)));

// The same without the thread, where a mutant of what runs in it is seen.
const here = fileFactory(storageHere);
describeStorage('sqlite in one thread', here);
describeQueue('sqlite in one thread', queues(here));
