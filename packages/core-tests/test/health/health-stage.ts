import { createHub, type Hub, type HubOptions, localKeys, type NoticeName, type Notices, path } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, type FakeProvider, fakeClock, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';
import { depotConnector } from '../gateway/depot-connector.ts';

/** How the stand-in answers: a status, or what its health check says. */
export interface Said {
  status: number;
  healthy: boolean;
}

/** A process over the shared store. */
export interface HealthProcess {
  readonly hub: Hub;
  readonly acme: ReturnType<Hub['tenant']>;
  readonly storage: Storage<never>;
  noticesOf<Name extends NoticeName>(name: Name): readonly Notices[Name][];
  get(connection?: string): Promise<unknown>;
}

/** Several processes over one store and one service, with a clock that stands still. */
export interface HealthStage {
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  readonly provider: FakeProvider;
  readonly said: Said;
  /** Times at which each connection's service was looked at, by the name of the connection's token. */
  readonly looks: (token?: string) => readonly number[];
  process(options?: Partial<HubOptions<[], Record<never, never>>>): HealthProcess;
  /** Lets time pass in steps, in each of which every process takes a turn. */
  pass(ms: number, stepMs: number, ...processes: readonly HealthProcess[]): Promise<void>;
  close(): Promise<void>;
}

const anything = z.json();
const key = Buffer.alloc(32, 3).fill(5, 16).toString('base64');

/** Milliseconds. */
export const minute = 60_000;

/** Sets the stage. */
export async function healthStage(): Promise<HealthStage> {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const said: Said = { status: 200, healthy: true };
  const looked: { readonly token: string; readonly at: number }[] = [];
  const provider = await startFakeProvider({
    handler: ({ path: target, headers }) => {
      if (target.endsWith('/health')) looked.push({ token: String(headers['authorization']).split(' ')[1] ?? '', at: clock.now() });
      return { status: said.status, json: {} };
    },
  });
  const connector = depotConnector({
    origin: provider.origin,
    run: ({ http }) => http.post(path`/items`, { json: {}, response: anything }),
    changes: {
      async healthCheck({ http }) {
        await http.get(path`/health`, { response: anything });
        return { healthy: said.healthy };
      },
    },
  });
  const hubs: Hub[] = [];
  return {
    storage,
    clock,
    provider,
    said,
    looks: (token) => looked.filter((look) => token === undefined || look.token === token).map(({ at }) => at),
    process(options = {}) {
      const notices: { readonly name: NoticeName; readonly notice: Notices[NoticeName] }[] = [];
      const hub: Hub = createHub({
        storage,
        keys: localKeys({ active: 'k1', keys: { k1: key } }),
        publicUrl: 'https://host.example.com/hub',
        loopbackOnly: true,
        random: () => 0.5,
        // They wait on the clock, which moves when it is told.
        retry: { quickRetries: 0 },
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        ...options,
        connectors: [connector],
        clock,
      });
      for (const name of observed) hub.on(name, (notice) => notices.push({ name, notice }));
      hubs.push(hub);
      const acme = hub.tenant('acme');
      return {
        hub,
        acme,
        storage,
        // A notice is recorded under its own name.
        noticesOf: <Name extends NoticeName>(name: Name) =>
          notices.filter((each) => each.name === name).map(({ notice }) => notice as Notices[Name]),
        get: (connection = 'main') => acme.request(connection, { method: 'GET', path: path`/items` }),
      };
    },
    async pass(ms, stepMs, ...processes) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await clock.advance(stepMs);
        for (const { hub } of processes) await hub.work({ deadline: 600_000 });
      }
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await provider.close();
      await storage.close();
    },
  };
}

const observed: readonly NoticeName[] = [
  'connection.status_changed',
  'connection.health_changed',
  'connection.health_warning',
  'connection.paused',
  'connection.resumed',
  'connection.reconnect_asked',
];
