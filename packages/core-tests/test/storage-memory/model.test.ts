import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock } from '@patchbay/testing';
import { describeStorageModel } from '@patchbay/testing/storage-model';

// A failure prints its seed; PATCHBAY_SEED repeats it, PATCHBAY_RUNS looks longer.
const { PATCHBAY_SEED, PATCHBAY_RUNS } = process.env;

describeStorageModel(
  'memory',
  {
    async create() {
      const clock = fakeClock();
      const storage = memoryStorage({ clock });
      return { storage, advance: (ms) => clock.advance(ms), close: () => storage.close() };
    },
  },
  { runs: Number(PATCHBAY_RUNS ?? 500), ...(PATCHBAY_SEED === undefined ? {} : { seed: Number(PATCHBAY_SEED) }) },
);
