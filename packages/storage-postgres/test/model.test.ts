import { describeStorageModel } from '@patchbay/testing/storage-model';
import { afterAll } from 'vitest';
import { schemaFactory } from './support/conformance-factory.ts';

const { factory, close } = schemaFactory();
afterAll(close);

// A failure prints its seed; PATCHBAY_SEED repeats it, PATCHBAY_RUNS looks longer.
const { PATCHBAY_SEED, PATCHBAY_RUNS } = process.env;

describeStorageModel('postgres', factory, {
  runs: Number(PATCHBAY_RUNS ?? 40),
  ...(PATCHBAY_SEED === undefined ? {} : { seed: Number(PATCHBAY_SEED) }),
});
