import { describeStorageModel } from '@patchbay/testing/storage-model';
import { fileFactory } from './support/conformance-factory.ts';
import { storageHere } from './support/in-one-thread.ts';

// A failure prints its seed; PATCHBAY_SEED repeats it, PATCHBAY_RUNS looks longer.
const { PATCHBAY_SEED, PATCHBAY_RUNS } = process.env;

describeStorageModel('sqlite', fileFactory(storageHere), {
  runs: Number(PATCHBAY_RUNS ?? 40),
  ...(PATCHBAY_SEED === undefined ? {} : { seed: Number(PATCHBAY_SEED) }),
});
