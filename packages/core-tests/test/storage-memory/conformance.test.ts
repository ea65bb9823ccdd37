import { memoryStorage } from '@patchbay/storage-memory';
import { describeQueue, describeStorage, fakeClock } from '@patchbay/testing';

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
