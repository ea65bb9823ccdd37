import { createHub, type Hub, type HubOptions, localKeys, type NoticeName, type Notices, type TenantHandle } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { z } from 'zod';
import { type Receiver, startReceiver } from './receiver.ts';

/** Event types of the host that these tests publish. */
export const hostEvents = {
  'order.placed': z.object({ number: z.string(), total: z.number().optional() }),
  'order.shipped': z.object({ number: z.string() }),
};

/** A hub of the host's events. */
export type OrderHub = Hub<never, typeof hostEvents>;

/** A tenant of that hub. */
export type OrderTenant = TenantHandle<never, typeof hostEvents>;

/** One process over the stage's store. */
export interface OrderProcess {
  readonly hub: OrderHub;
  readonly acme: OrderTenant;
  readonly logged: string[];
  notices<Name extends NoticeName>(name: Name): readonly Notices[Name][];
  /** Does what is due, and moves the clock on to what comes within so many milliseconds. */
  settled(withinMs?: number): Promise<number>;
}

/** A store, a clock that stands still and a receiver. */
export interface EndpointStage {
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  readonly receiver: Receiver;
  process(options?: Partial<HubOptions<readonly [], typeof hostEvents>>): OrderProcess;
  close(): Promise<void>;
}

const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

/** Makes a stage. */
export async function endpointStage(): Promise<EndpointStage> {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const receiver = await startReceiver();
  const hubs: OrderHub[] = [];
  return {
    storage,
    clock,
    receiver,
    process(options = {}) {
      const made = makeProcess({ storage, clock }, options);
      hubs.push(made.hub);
      return made;
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
      await receiver.close();
    },
  };
}

function makeProcess(
  { storage, clock }: { readonly storage: Storage<never>; readonly clock: FakeClock },
  options: Partial<HubOptions<readonly [], typeof hostEvents>>,
): OrderProcess {
  const logged: string[] = [];
  const log = (message: string): void => {
    logged.push(message);
  };
  const hub: OrderHub = createHub({
    connectors: [],
    storage,
    events: hostEvents,
    publicUrl: 'https://host.example.com/hub',
    random: () => 0.5,
    logger: { debug() {}, info() {}, warn: log, error: log },
    loopbackOnly: true,
    ...options,
    clock,
    keys: localKeys({ active: 'k1', keys }),
  });
  return {
    hub,
    acme: hub.tenant('acme'),
    logged,
    notices: observer(hub),
    settled: (withinMs = 0) => settle(hub, clock, withinMs),
  };
}

const observed = ['dispatch.dead', 'dispatch.retrying', 'endpoint.disabled', 'endpoint.failing', 'endpoint.recovered'] as const;

function observer(hub: OrderHub): OrderProcess['notices'] {
  const given: { readonly name: NoticeName; readonly notice: unknown }[] = [];
  for (const name of observed) hub.on(name, (notice) => given.push({ name, notice }));
  // A notice is recorded under its own name.
  return <Name extends NoticeName>(name: Name) => given.filter((each) => each.name === name).map(({ notice }) => notice as Notices[Name]);
}

async function settle(hub: OrderHub, clock: FakeClock, withinMs: number): Promise<number> {
  const end = clock.now() + withinMs;
  let executed = 0;
  for (let turn = 0; turn < 1_000; turn += 1) {
    const result = await hub.work({ deadline: 3_600_000 });
    executed += result.executed;
    if (result.nextDueMs === null || clock.now() + result.nextDueMs > end) return executed;
    await clock.advance(Math.max(1, result.nextDueMs));
  }
  throw new Error('The hub is not settled after 1000 turns.');
}

/** An endpoint whose URL needs no challenge. */
export const waived = (stage: EndpointStage, path = '/hook') =>
  ({ url: `${stage.receiver.url}${path}`, events: ['order.*'], verification: 'dangerouslyWaived' }) as const;
