import { describeQueue, describeStorage } from '@patchbay/testing';
import { afterAll } from 'vitest';
import { schemaFactory } from './support/conformance-factory.ts';

const { factory, close } = schemaFactory();
afterAll(close);

describeStorage('postgres', factory);

describeQueue('postgres', {
  async create() {
    const { storage, second, close: end } = await factory.create();
    if (second === undefined) throw new Error('The storage is shared by processes.');
    return { queue: storage.queue, close: end, second: async () => (await second()).queue };
  },
});
