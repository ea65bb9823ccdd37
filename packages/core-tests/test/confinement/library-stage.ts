import { type Connector, createHub, type Hub, type Json, localKeys, type Notices, type TenantHandle } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeProvider, fakeClock, startFakeProvider } from '@patchbay/testing';
import { libraryConnector } from './library-connector.ts';

/** A tenant of a hub with the library. */
export type LibraryTenant = TenantHandle;

/** Several processes over one store, and a library that takes everything. */
export interface LibraryStage {
  readonly provider: FakeProvider;
  readonly clock: ReturnType<typeof fakeClock>;
  process(): { readonly hub: Hub; readonly executed: Notices['action.executed'][] };
  /** Lets a process do all that is due within a day. */
  settle(hub: Hub): Promise<void>;
  /** The bodies of what has been sent, but for looks. */
  sent(): readonly Json[];
  close(): Promise<void>;
}

/** Makes a stage. */
export async function libraryStage(): Promise<LibraryStage> {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const provider = await startFakeProvider({ handler: () => ({ json: { done: true }, effect: true }) });
  const library: Connector = libraryConnector(provider.origin);
  const hubs: Hub[] = [];
  return {
    provider,
    clock,
    process() {
      const executed: Notices['action.executed'][] = [];
      const hub = createHub({
        connectors: [library],
        storage,
        clock,
        keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
        publicUrl: 'https://host.example.com/hub',
        loopbackOnly: true,
        random: () => 0.5,
        logger: { debug() {}, info() {}, warn() {}, error() {} },
      });
      hub.on('action.executed', (notice) => executed.push(notice));
      hubs.push(hub);
      return { hub, executed };
    },
    async settle(hub) {
      const end = clock.now() + 86_400_000;
      for (let turn = 0; turn < 1_000; turn += 1) {
        const { nextDueMs } = await hub.work({ deadline: 86_400_001 });
        if (nextDueMs === null || clock.now() + nextDueMs > end) return;
        await clock.advance(Math.max(1, nextDueMs));
      }
      throw new Error('The hub is not settled after 1000 turns.');
    },
    sent: () => provider.requests.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.parse(body)),
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
      await provider.close();
    },
  };
}
