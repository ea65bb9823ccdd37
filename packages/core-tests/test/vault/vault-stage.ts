import { randomBytes, randomUUID } from 'node:crypto';
import { createHub, type Hub, hmacSha256, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock, signWebhook } from '@patchbay/testing';
import { makeDesk } from '../desk/desk-connectors.ts';
import { archiveConnector } from '../oauth/archive-connector.ts';

/** Several processes over one store, with two key-encryption keys to choose from and a clock that stands still. */
export interface VaultStage {
  readonly clock: FakeClock;
  readonly storage: Storage<never>;
  process(options?: { readonly active?: 'k1' | 'k2'; readonly only?: boolean }): Hub;
  close(): Promise<void>;
}

const given = { k1: randomBytes(32).toString('base64'), k2: randomBytes(32).toString('base64') };

/** Makes a stage. `only`: the process has no key but the active one. */
export function vaultStage(): VaultStage {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const hubs: Hub[] = [];
  return {
    clock,
    storage,
    process({ active = 'k1', only = false } = {}) {
      const hub: Hub = createHub({
        connectors: [...makeDesk().connectors, archiveConnector('https://archive.example.com')],
        storage,
        clock,
        keys: localKeys({ active, keys: only ? { [active]: given[active] } : given }),
        publicUrl: 'https://host.example.com/hub',
        logger: { debug() {}, info() {}, warn() {}, error() {} },
      });
      hubs.push(hub);
      return hub;
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
    },
  };
}

/** Status of a delivery to a registration, signed with a secret. */
export async function deliver(hub: Hub, url: string, secret: string): Promise<number> {
  const body = JSON.stringify({ key: 'T-1' });
  const signed = signWebhook(hmacSha256({ header: 'x-desk-signature' }), { secret, body });
  const headers = { 'x-desk-delivery': randomUUID(), 'content-type': 'application/json', ...signed };
  return (await hub.handler(new Request(url, { method: 'POST', headers, body }))).status;
}

/** A tenant with as many connections as named, and a registration of each. */
export async function connectMany(hub: Hub, tenant: string, count: number): Promise<readonly string[]> {
  const handle = hub.tenant(tenant);
  const urls: string[] = [];
  for (let index = 0; index < count; index += 1) {
    await handle.connections.put(`c${index}`, { connector: 'desk', credential: { type: 'bearer', token: `token-${index}` } });
    urls.push((await handle.webhooks.register({ connection: `c${index}`, secret: `secret-${index}` })).url);
  }
  return urls;
}
