import { createHub, defineAction, defineConnector, defineTrigger, type Hub, hmacSha256, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock } from '@patchbay/testing';
import { z } from 'zod';

/** Signature headers of the two majors: the second signs elsewhere. */
export const schemes = { 1: hmacSha256({ header: 'x-shop-one' }), 2: hmacSha256({ header: 'x-shop-two' }) };

/** What was done, `sell@1`. */
export type Log = string[];

/** A shop of one major: the second sells by another input, has lost `haggle`, has gained `lease`, and calls its sales otherwise. */
export function shop(major: 1 | 2, log: Log) {
  const done = async (name: string) => {
    log.push(`${name}@${major}`);
    return { by: major };
  };
  const act = <Input extends z.ZodType>(title: string, name: string, input: Input) =>
    defineAction({
      title,
      description: `${title}.`,
      idempotency: 'idempotent',
      input,
      output: z.object({ by: z.number() }),
      run: () => done(name),
    });
  const sold = defineTrigger({
    title: 'Sold',
    description: 'Something was sold.',
    kind: 'created',
    delivery: 'webhook',
    payload: z.object({ thing: z.string() }),
  });
  const asked = defineTrigger({
    ...sold,
    title: 'Asked',
    delivery: 'polling',
    polling: {
      intervalMs: 60_000,
      begins: 'everything',
      poll: async () => {
        log.push(`poll@${major}`);
        return { events: [], cursor: null };
      },
    },
  });
  const only = major === 1 ? { haggle: act('Haggle', 'haggle', z.strictObject({})) } : { lease: act('Lease', 'lease', z.strictObject({})) };
  return defineConnector({
    id: 'shop',
    name: 'Shop',
    description: 'Sells.',
    version: `${major}.0.0`,
    category: 'crm',
    auth: [{ type: 'bearer' }],
    origin: `https://v${major}.shop.example.com`,
    actions: { sell: act('Sell', 'sell', z.strictObject(major === 1 ? { thing: z.string() } : { item: z.string() })), ...only },
    triggers: { [major === 1 ? 'sold' : 'item.sold']: sold, asked },
    enrichers: {
      stock: {
        title: 'Stock',
        description: 'What is left.',
        events: ['order.placed'],
        run: () => done('stock'),
      },
    },
    webhook: {
      scheme: schemes[major],
      deliveryId: 'x-shop-delivery',
      toEvents: ({ body }) => [{ trigger: major === 1 ? 'sold' : 'item.sold', data: body }],
    },
    async healthCheck() {
      log.push(`health@${major}`);
      return { healthy: true, account: { id: 'a1', name: `Shop ${major}` } };
    },
  });
}

const hostEvents = { 'order.placed': z.object({ thing: z.string() }) };
const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

/** One store; hubs over it with whichever majors. */
export function majorsStage() {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const log: Log = [];
  const hubs: Hub[] = [];
  return {
    clock,
    storage,
    log,
    hub(...majors: readonly (1 | 2)[]) {
      const hub = createHub({
        connectors: majors.map((major) => shop(major, log)),
        storage,
        clock,
        events: hostEvents,
        keys: localKeys({ active: 'k1', keys }),
        publicUrl: 'https://host.example.com/hub',
        logger: { debug() {}, info() {}, warn() {}, error() {} },
      });
      hubs.push(hub);
      return hub;
    },
    /** Writes a connection's record as it was before majors were written down. */
    async forgetMajor(connection: string) {
      const row = await storage.configuration.get('acme', 'connection', connection);
      if (!row) throw new Error('no such connection');
      const { major: _, ...value } = row.value;
      await storage.configuration.write('acme', [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value }]);
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
    },
  };
}
