import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, defineAction, defineConnector, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createFaultSchema } from './support/fault-schema.ts';

const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } });

/** Says things, each once for each key. */
function chatOf(said: Map<string, string>) {
  return defineConnector({
    id: 'chat',
    name: 'Chat',
    description: 'Says things.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin: 'https://chat.example.com',
    actions: {
      say: defineAction({
        title: 'Say',
        description: 'Says a text.',
        idempotency: 'keyed',
        keyLifetime: 86_400_000,
        input: z.strictObject({ text: z.string() }),
        output: z.object({ said: z.string() }),
        run: async ({ input, key }) => {
          said.set(key.value, input.text);
          return { said: input.text };
        },
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}

type Open = () => { readonly storage: Storage<never>; readonly close: () => Promise<void> };

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const storages: readonly (readonly [string, () => Promise<Open>])[] = [
  [
    'memory',
    async () => {
      const storage = memoryStorage();
      return () => ({ storage, close: async () => undefined });
    },
  ],
  [
    'SQLite',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'patchbay-flow-'));
      closers.push(() => rmSync(folder, { recursive: true }));
      return () => {
        const storage: Storage<never> = sqliteStorage({ file: join(folder, 'patchbay.db') });
        return { storage, close: () => storage.close() };
      };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const schema = await createFaultSchema(inject('databaseUrl'));
      closers.push(() => schema.close());
      return () => ({ storage: schema.storage as unknown as Storage<never>, close: async () => undefined });
    },
  ],
];

const say = (id: string, text: string) => ({ id, action: 'chat.say', connection: 'team', input: { text } });

describe('a run with control steps goes on in a new process after each bit of work', () => {
  it.each(storages)('over %s', { timeout: 60_000 }, async (_name, make) => {
    const open = await make();
    const said = new Map<string, string>();
    let hubs = 0;
    /** Does something in a process of its own. */
    const inProcess = async <Result>(act: (hub: ReturnType<typeof hubOf>) => Promise<Result>): Promise<Result> => {
      const { storage, close } = open();
      hubs += 1;
      const hub = hubOf(storage, said);
      try {
        return await act(hub);
      } finally {
        await hub.stop();
        await close();
      }
    };
    const eventId = await inProcess(async (hub) => {
      const acme = hub.tenant('acme');
      await acme.connections.put('team', { connector: 'chat', credential: { type: 'bearer', token: 't' } });
      const { automations } = acme;
      await automations.put('bill', automations.parse({ trigger: { manual: true }, steps: [say('bill', 'Bill {{ event.data.n }}')] }));
      await automations.put('order', automations.parse(orderAutomation));
      return (await acme.events.publish('order.placed', { list: ['a', 'b', 'c'] })).eventId;
    });
    const runOf = (status?: 'running') =>
      inProcess(async (hub) => {
        const { items } = await hub.tenant('acme').runs.list({ eventId, ...(status === undefined ? {} : { status }) });
        return items[0];
      });
    const turn = () => inProcess((hub) => hub.work({ until: 'idle', deadline: 5_000 }));
    for (let turns = 0; turns < 60 && !(await isWaiting(runOf)); turns += 1) await turn();
    await inProcess((hub) => hub.tenant('acme').events.publish('order.paid', { n: 1 }));
    await inProcess((hub) => hub.tenant('acme').events.publish('order.paid', { n: 7 }));
    await inProcess((hub) => hub.tenant('acme').events.publish('order.paid', { n: 7 }));
    for (let turns = 0; turns < 100 && (await runOf('running')) !== undefined; turns += 1) {
      await turn();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await runOf()).toMatchObject({
      status: 'succeeded',
      vars: { total: 3 },
      outputs: { rows: { count: 3, items: ['a0', 'b1', 'c2'] } },
    });
    expect([...said.values()].sort()).toEqual(['Bill 7', 'a0', 'b1', 'c2', 'done Bill 7', 'large']);
    expect(hubs).toBeGreaterThan(8);
  });
});

const isWaiting = async (runOf: () => Promise<{ readonly outputs: object } | undefined>): Promise<boolean> =>
  Object.hasOwn((await runOf())?.outputs ?? {}, 'nap');

const orderAutomation = {
  trigger: { event: 'order.placed' },
  steps: [
    {
      id: 'rows',
      action: 'flow.each',
      list: '{{ event.data.list }}',
      concurrency: 2,
      collect: '{{ steps.row.output.said }}',
      steps: [say('row', '{{ item }}{{ index }}')],
    },
    { id: 'total', action: 'flow.set', vars: { total: '{{ steps.rows.output.count }}' } },
    { id: 'size', action: 'flow.branch', branches: [{ when: { cel: 'vars.total > 2' }, steps: [say('large', 'large')] }] },
    { id: 'nap', action: 'flow.delay', for: '300ms' },
    { id: 'paid', action: 'flow.wait', event: 'order.paid', when: { cel: 'incoming.data.n == 7' }, timeout: '1h' },
    { id: 'other', action: 'flow.run', automation: 'bill', input: { n: '{{ steps.paid.output.event.data.n }}' } },
    say('last', 'done {{ steps.other.output.outputs.bill.said }}'),
  ],
};

function hubOf(storage: Storage<never>, said: Map<string, string>) {
  return createHub({
    connectors: [chatOf(said)],
    events: { 'order.placed': z.object({ list: z.array(z.string()) }), 'order.paid': z.object({ n: z.number() }) },
    storage,
    keys,
    publicUrl: 'https://app.example.com/hub',
    health: { checkEveryMs: null },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
}
