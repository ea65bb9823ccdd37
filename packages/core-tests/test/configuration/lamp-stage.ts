import { randomUUID } from 'node:crypto';
import { type Connector, createHub, type Hub, localKeys, type Notices, type TenantHandle } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock, signWebhook } from '@patchbay/testing';
import { type LampCall, lampConnector, lampScheme, plainConnector } from './lamp-connector.ts';

type LampConnectors = readonly [ReturnType<typeof lampConnector>, typeof plainConnector];

/** A hub over the lamps. */
export type LampHub = Hub<LampConnectors[number], Record<never, never>>;

/** A tenant of it. */
export type LampTenant = TenantHandle<LampConnectors[number], Record<never, never>>;

/** One process. */
export interface LampProcess {
  readonly hub: LampHub;
  readonly failed: Notices['webhook.failed'][];
  /** What its connector's code was given, in order. */
  readonly calls: LampCall[];
  /** Does everything that is due. */
  settled(): Promise<void>;
  deliver(url: string, event: { readonly trigger?: 'lit' | 'broken'; readonly room?: string; readonly id?: string }): Promise<number>;
}

/** Several processes over one store, with a clock that stands still. */
export interface LampStage {
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  process(options?: { readonly storage?: Storage<never> }): LampProcess;
  /** A process whose lamp is of another version. */
  later(lamp: Connector): Hub;
  close(): Promise<void>;
}

const secret = 'a-lamp-secret';
const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

/** Makes a stage, over a store of its own unless one is given. */
export function lampStage(given?: Storage<never>): LampStage {
  const clock = fakeClock();
  const storage = given ?? memoryStorage({ clock });
  const hubs: { stop(): Promise<void> }[] = [];
  const options = () => ({
    ...{ clock, keys: localKeys({ active: 'k1', keys }), publicUrl: 'https://host.example.com/hub', random: () => 0.5 },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return {
    storage,
    clock,
    process({ storage: own = storage } = {}) {
      const calls: LampCall[] = [];
      const connectors: LampConnectors = [lampConnector((call) => calls.push(call)), plainConnector];
      const hub: LampHub = createHub({ ...options(), connectors, storage: own });
      hubs.push(hub);
      return processOf(hub, calls);
    },
    later(lamp) {
      const hub = createHub({ ...options(), connectors: [lamp], storage });
      hubs.push(hub);
      return hub;
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
    },
  };
}

function processOf(hub: LampHub, calls: LampCall[]): LampProcess {
  const failed: Notices['webhook.failed'][] = [];
  hub.on('webhook.failed', (notice) => failed.push(notice));
  return {
    hub,
    failed,
    calls,
    settled: async () => void (await hub.work({ until: 'idle' })),
    async deliver(url, { trigger = 'lit', room = 'hall', id = randomUUID() }) {
      const body = JSON.stringify({ room });
      const headers = {
        'content-type': 'application/json',
        'x-lamp-delivery': id,
        'x-lamp-event': trigger,
        ...signWebhook(lampScheme, { secret, body }),
      };
      return (await hub.handler(new Request(url, { method: 'POST', headers, body }))).status;
    },
  };
}

/** A tenant with a lamp, and the URL of its webhook. */
export async function settle(process: LampProcess, tenant = 'acme'): Promise<{ readonly handle: LampTenant; readonly url: string }> {
  const handle = process.hub.tenant(tenant);
  await handle.connections.put('main', { connector: 'lamp', credential: { type: 'none' } });
  const { url } = await handle.webhooks.register({ connection: 'main', secret });
  return { handle, url };
}

/** Lights the tenant's lamp and waits for what became of it. */
export async function light(process: LampProcess, tenant = 'acme') {
  const call = await process.hub.tenant(tenant).actions.execute('lamp.light', { connection: 'main', input: {} });
  await process.settled();
  return call.outcome({ waitMs: 0 });
}
