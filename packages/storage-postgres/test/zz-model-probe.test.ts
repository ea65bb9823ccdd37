import { afterAll } from 'vitest';
import { describeStorageModel } from '../../testing/src/model/describe-storage-model.ts';
import { schemaFactory } from './support/conformance-factory.ts';

const { factory, close } = schemaFactory();
afterAll(close);
describeStorageModel('postgres', factory, { runs: 40 });
