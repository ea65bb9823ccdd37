import { randomUUID } from 'node:crypto';
import {
  type AppRegistration,
  type Connector,
  createHub,
  type Hub,
  type HubOptions,
  type Json,
  localKeys,
  type Notices,
} from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import type { PlanPolicy } from '@patchbay/core/host';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock, signWebhook } from '@patchbay/testing';
import { bellConnector, bellScheme } from './bell-connector.ts';

/** One process: a hub with what it has said. */
export interface BellProcess {
  readonly hub: Hub;
  readonly failed: Notices['webhook.failed'][];
  readonly received: Notices['webhook.received'][];
  readonly dropped: Notices['webhook.dropped'][];
  /** Hands in a request as it is. */
  send(url: string, request: BellRequest): Promise<BellAnswer>;
}

/** A request as it is sent. */
export interface BellRequest {
  /** @default POST */
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The other end of the socket. @default not said */
  readonly from?: string;
}

/** An answer as a stranger sees it. */
export interface BellAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Several processes over one store. */
export interface BellStage {
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  /** Starts another process over the same store. */
  process(options?: ProcessOptions): BellProcess;
  close(): Promise<void>;
}

export interface ProcessOptions {
  readonly connector?: Connector;
  readonly appSecrets?: AppRegistration['webhookSecret'];
  readonly storage?: Storage<never>;
  readonly plans?: PlanPolicy;
  /** Options of the hub's door. */
  readonly door?: Pick<HubOptions<[], never>, 'webhooks' | 'trustedProxies' | 'forwardedHeader' | 'maximumBodyBytes' | 'logger' | 'egress'>;
}

export const secret = 'a-bell-secret';
const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

/** A store with a clock that stands still. */
export function bellStage(): BellStage {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const hubs: Hub[] = [];
  return {
    storage,
    clock,
    process({ connector = bellConnector(), appSecrets, plans, storage: own = storage, door = {} } = {}) {
      const hub = createHub({
        connectors: [connector],
        storage: own,
        clock,
        keys: localKeys({ active: 'k1', keys }),
        publicUrl: 'https://host.example.com/hub',
        ...(plans === undefined ? {} : { plans }),
        ...(appSecrets === undefined ? {} : { apps: { bell: { webhookSecret: appSecrets } } }),
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        ...door,
      });
      hubs.push(hub);
      return processOf(hub);
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
    },
  };
}

function processOf(hub: Hub): BellProcess {
  const failed: Notices['webhook.failed'][] = [];
  const received: Notices['webhook.received'][] = [];
  hub.on('webhook.failed', (notice) => failed.push(notice));
  const dropped: Notices['webhook.dropped'][] = [];
  hub.on('webhook.dropped', (notice) => dropped.push(notice));
  hub.on('webhook.received', (notice) => received.push(notice));
  return {
    hub,
    failed,
    received,
    dropped,
    async send(url, { method = 'POST', headers, body, from }) {
      const bytes = body === undefined ? {} : { body: Buffer.from(body) };
      const response = await hub.handler(new Request(url, { method, headers: { ...headers }, ...bytes }), { remoteAddress: from });
      return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
    },
  };
}

/** A delivery, signed. */
export function ring(options: { readonly body?: Json; readonly secret?: string; readonly id?: string } = {}) {
  const body = JSON.stringify(options.body ?? { tone: 'c' });
  const headers: Readonly<Record<string, string>> = {
    'x-bell-delivery': options.id ?? randomUUID(),
    ...signWebhook(bellScheme, { secret: options.secret ?? secret, body }),
  };
  return { body, headers };
}

/** A tenant with a connection and a registration. */
export async function settle(process: BellProcess, tenant = 'acme', trigger?: string | readonly string[]) {
  const handle = process.hub.tenant(tenant);
  const connection = await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
  const registration = await handle.webhooks.register({ connection: 'main', secret, ...(trigger === undefined ? {} : { trigger }) });
  return { handle, connection, registration };
}

/** Events of a tenant, as stored. */
export async function eventsOf(process: BellProcess, tenant = 'acme') {
  return (await process.hub.tenant(tenant).events.list()).items.map(({ event }) => event);
}
