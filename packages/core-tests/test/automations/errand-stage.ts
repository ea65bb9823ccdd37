import { createHub, defineAction, defineConnector, type Hub, localKeys, PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { z } from 'zod';

const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };
const text = z.strictObject({ text: z.string() });
const done = z.object({ done: z.string() });

/** What a service was asked to do, as it counts it: a key that comes again is no second effect. */
export interface Errands {
  /** Texts by key, of what may be repeated. */
  readonly said: Map<string, string>;
  /** Texts by key of what may not: each call is an effect. */
  readonly posted: { readonly key: string; readonly text: string }[];
}

/** A service with one action that takes a key, one that may not be repeated, and one that is always refused. */
function errandConnector({ said, posted }: Errands) {
  const shared = { description: 'Does an errand.', input: text, output: done };
  return defineConnector({
    id: 'errand',
    name: 'Errand',
    description: 'Does errands.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin: 'https://errand.example.com',
    actions: {
      say: defineAction({
        ...shared,
        title: 'Say',
        idempotency: 'keyed',
        keyLifetime: 30 * 86_400_000,
        run: async ({ input, key }) => {
          if (!said.has(key.value)) said.set(key.value, input.text);
          return { done: input.text };
        },
      }),
      post: defineAction({
        ...shared,
        title: 'Post',
        idempotency: 'unsafe',
        run: async ({ input, key }) => {
          posted.push({ key: key.value, text: input.text });
          return { done: input.text };
        },
      }),
      refuse: defineAction({
        ...shared,
        title: 'Refuse',
        idempotency: 'keyed',
        keyLifetime: 30 * 86_400_000,
        run: async () => {
          throw new PatchbayError({ code: 'provider_rejected', message: 'Nobody does this. Ask for something else.' });
        },
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}

const hostEvents = { 'order.placed': z.json(), 'order.paid': z.json() };

/** A hub that does errands. */
export type ErrandHub = Hub<ReturnType<typeof errandConnector>, typeof hostEvents>;

/** One store with its clock and a service, and processes over it. */
export interface ErrandStage {
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  readonly errands: Errands;
  /** A hub over this storage. @default the stage's own */
  hub(storage?: Storage<never>): ErrandHub;
}

/** Makes a stage with a connection and automations, as somebody writes them. */
export async function errandStage(automations: Readonly<Record<string, object>>): Promise<ErrandStage> {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const errands: Errands = { said: new Map(), posted: [] };
  const hub = (over: Storage<never> = storage): ErrandHub =>
    createHub({
      connectors: [errandConnector(errands)],
      events: hostEvents,
      storage: over,
      keys: localKeys({ active: 'k1', keys }),
      publicUrl: 'https://host.example.com/hub',
      random: () => 0.5,
      health: { checkEveryMs: null },
      // Few looks and short leases: a test counts the calls.
      worker: { pollMs: 20_000, leaseMs: 10_000 },
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      clock,
    });
  const acme = hub().tenant('acme');
  await acme.connections.put('main', { connector: 'errand', credential: { type: 'bearer', token: 'errand-token' } });
  for (const [name, json] of Object.entries(automations)) await acme.automations.put(name, acme.automations.parse(json));
  return { storage, clock, errands, hub };
}

/** A step that does an errand. */
export const errand = (id: string, action: 'say' | 'post' | 'refuse', what: string) =>
  ({ id, action: `errand.${action}`, connection: 'main', input: { text: what } }) as const;
