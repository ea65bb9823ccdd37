import { describeQueue, describeStorage } from '@patchbay/testing';
import { afterAll } from 'vitest';
import { schemaFactory } from './support/conformance-factory.ts';

const { factory, close } = schemaFactory();
afterAll(close);

describeStorage('postgres', factory);

describeQueue('postgres', {
  async create() {
    const { storage, close: end } = await factory.create();
    return { queue: storage.queue, close: end };
  },
});
