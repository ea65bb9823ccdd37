import {
  type Connector,
  createHub,
  defineAction,
  defineConnector,
  defineTrigger,
  type Hub,
  hmacSha256,
  type Json,
  localKeys,
} from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock, memorySearchIndex, signWebhook } from '@patchbay/testing';
import { z } from 'zod';

/** Signature headers of the two majors: the second signs elsewhere. */
export const schemes = { 1: hmacSha256({ header: 'x-shop-one' }), 2: hmacSha256({ header: 'x-shop-two' }) };

/** What was done, `sell@1`. */
export type Log = string[];

/** How connections come over to the second. */
const toSecond = {
  settings: ({ region }: Readonly<Record<string, Json>>) => (region === undefined ? {} : { zone: `zone-${region}` }),
  confinedTo: ({ aisle = [] }: Readonly<Record<string, readonly string[]>>) => ({ shelf: aisle }),
  triggers: { sold: 'item.sold' },
};

/** What of the second major is otherwise. */
export type Changes = Partial<
  Pick<Connector['definition'], 'auth' | 'scopes' | 'migrations' | 'webhook' | 'actions' | 'settings' | 'triggers' | 'deprecated'>
>;

type Ends = { readonly [Part in 'connector' | 'action' | 'trigger']?: NonNullable<Changes['deprecated']> };

/** A shop of one major: the second sells by another input, has lost `haggle`, has gained `lease`, and calls its sales otherwise. */
export function shop(major: 1 | 2, log: Log) {
  const kind = major === 1 ? 'aisle' : 'shelf';
  const done = async (name: string, { region, zone }: Readonly<Record<string, unknown>> = {}) => {
    log.push(`${name}@${major}${(region ?? zone) === undefined ? '' : ` in ${region ?? zone}`}`);
    return { by: major, slip: 'slip', receipt: 'receipt' };
  };
  const given = z.object({ by: z.number() });
  const act = <Input extends z.ZodType>(title: string, name: string, input: Input, output: z.ZodType = given) =>
    defineAction({
      title,
      description: `${title}.`,
      idempotency: 'idempotent',
      input,
      output,
      resources: { [kind]: 'untouched' },
      run: ({ settings }) => done(name, settings),
    });
  const sold = defineTrigger({
    title: 'Sold',
    description: 'Something was sold.',
    kind: 'created',
    delivery: 'webhook',
    payload: z.object({ thing: z.string() }),
  });
  const asked = defineTrigger({
    title: 'Asked',
    description: 'Somebody has asked.',
    kind: 'created',
    delivery: 'polling',
    payload: z.object({ mark: major === 1 ? z.number() : z.string() }),
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
  const sale = { input: z.strictObject(major === 1 ? { thing: z.string() } : { item: z.string() }) };
  const sellOutput = given.extend(major === 1 ? { slip: z.string() } : { receipt: z.string() });
  const source = (name: string) => ({
    title: name,
    description: name,
    intervalMs: 60_000,
    deletedBy: major === 1 ? { sold: () => [name] } : {},
    read: async () => {
      log.push(`${name}@${major}`);
      const document = { id: name, kind: 'thing', title: name, text: name, url: null, updatedAt: 0, container: null };
      return { documents: [document], cursor: null };
    },
  });
  const order = defineAction({
    title: 'Order',
    description: 'Order.',
    idempotency: 'reconcilable',
    settlesWithin: 0,
    input: z.strictObject({}),
    output: sellOutput,
    resources: { [kind]: 'untouched' },
    run: ({ settings }) => done('order', settings),
    reconcile: async () => {
      log.push(`look@${major}`);
      return { answer: 'cannot_tell' };
    },
  });
  return defineConnector({
    id: 'shop',
    name: 'Shop',
    description: 'Sells.',
    version: `${major}.0.0`,
    category: 'crm',
    auth: [{ type: 'bearer' }],
    settings: major === 1 ? z.strictObject({ region: z.string().optional() }) : z.strictObject({ zone: z.string().optional() }),
    resources: { [kind]: { title: 'Place', example: 'a', pattern: '[a-z]+' } },
    ...(major === 1 ? {} : { migrations: { 1: toSecond } }),
    origin: `https://v${major}.shop.example.com`,
    actions: { sell: act('Sell', 'sell', sale.input, sellOutput), order, ...only },
    triggers: { [major === 1 ? 'sold' : 'item.sold']: sold, asked },
    content: { wares: source('wares'), ...(major === 1 ? { rumours: source('rumours') } : { leases: source('leases') }) },
    enrichers: {
      stock: {
        title: 'Stock',
        description: 'What is left.',
        events: ['order.placed'],
        run: ({ settings }) => done('stock', settings),
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

const otherwise = (connector: Connector, changes: Changes): Connector => defineConnector({ ...connector.definition, ...changes });

const hostEvents = { 'order.placed': z.object({ thing: z.string() }) };
const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

/** What the shop sends. */
export interface Delivered {
  readonly url: string;
  readonly scheme: 1 | 2;
  readonly secret: string;
  readonly id?: string;
}

/** One store; hubs over it with whichever majors. */
export function majorsStage() {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const log: Log = [];
  const searchIndex = memorySearchIndex();
  const hubs: Hub[] = [];
  const open = (majors: readonly (1 | 2)[], changes: Changes, lines: [string, string][] = []): Hub => {
    const write = (level: string) => (line: string) => void lines.push([level, line]);
    const hub = createHub({
      connectors: majors.map((major) => (major === 1 ? shop(1, log) : otherwise(shop(2, log), changes))),
      storage,
      clock,
      searchIndex,
      health: { checkEveryMs: null },
      events: hostEvents,
      keys: localKeys({ active: 'k1', keys }),
      publicUrl: 'https://host.example.com/hub',
      logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    });
    hubs.push(hub);
    return hub;
  };
  return {
    clock,
    storage,
    log,
    searchIndex,
    hub: (...majors: readonly (1 | 2)[]) => open(majors, {}),
    /** Both majors, the second otherwise. */
    hubWith: (changes: Changes) => open([1, 2], changes),
    /** Both majors, of which the second, its `order` and its `item.sold` go away as is said, and the lines of its log. */
    hubEnding({ connector, action, trigger }: Ends) {
      const { actions, triggers } = shop(2, log).definition;
      const { order } = actions;
      const { 'item.sold': sold } = triggers;
      if (!order || !sold) throw new Error('the shop has changed');
      const lines: [string, string][] = [];
      const changes = {
        ...(connector ? { deprecated: connector } : {}),
        ...(action ? { actions: { ...actions, order: { ...order, deprecated: action } } } : {}),
        ...(trigger ? { triggers: { ...triggers, 'item.sold': { ...sold, deprecated: trigger } } } : {}),
      };
      return { hub: open([1, 2], changes, lines), lines };
    },
    /** A worker takes what is due of an action's major, and dies in it: nobody knows then whether it has happened. */
    async loseWorker(major: 1 | 2) {
      const request = {
        holder: 'lost',
        handlers: [`action:shop@${major}`],
        limit: 1,
        replayShare: 1,
        ttlMs: 30_000,
        kind: 'ready',
      } as const;
      const [lost] = await storage.claim(request);
      if (!lost) throw new Error('nothing is due');
      await clock.advance(60_000);
    },
    /** Writes a connection's record as it was before majors were written down. */
    async forgetMajor(connection: string) {
      const row = await storage.configuration.get('acme', 'connection', connection);
      if (!row) throw new Error('no such connection');
      const { major: _, ...value } = row.value;
      await storage.configuration.write('acme', [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value }]);
    },
    /** A sale as the shop tells of it, signed as a major signs; answers the status. */
    async deliver(hub: Hub, { url, scheme, secret, id = `d${scheme}${secret.replaceAll(' ', '-')}` }: Delivered) {
      const body = '{"thing":"a"}';
      const headers = { 'content-type': 'application/json', 'x-shop-delivery': id, ...signWebhook(schemes[scheme], { secret, body }) };
      return (await hub.handler(new Request(url, { method: 'POST', headers, body }))).status;
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
    },
  };
}
