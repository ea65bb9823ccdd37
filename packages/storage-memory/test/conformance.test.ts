import { describeQueue, describeStorage, fakeClock } from '@patchbay/testing';
import { memoryStorage } from '../src/memory-storage.ts';

describeStorage('memory', {
  async create() {
    const clock = fakeClock();
    const storage = memoryStorage({ clock });
    return { storage, advance: (ms) => clock.advance(ms), close: () => storage.close() };
  },
});

describeQueue('memory', {
  async create() {
    const storage = memoryStorage({ clock: fakeClock() });
    return { queue: storage.queue, close: () => storage.close() };
  },
});
