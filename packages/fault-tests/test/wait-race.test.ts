import { createHub, defineAction, defineConnector, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { postgresStorage } from '@patchbay/storage-postgres';
import { afterEach, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createFaultSchema } from './support/fault-schema.ts';

const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const waiting = {
  trigger: { event: 'order.placed' },
  steps: [
    {
      id: 'paid',
      action: 'flow.wait',
      event: 'order.paid',
      when: { cel: 'incoming.data.n == event.data.n' },
      timeout: '2s',
      onTimeout: 'continue',
    },
    { id: 'tell', action: 'chat.say', connection: 'team', input: { text: '{{ event.data.n }} {{ steps.paid.output.timedOut }}' } },
  ],
};

function hubOf(storage: Storage<never>, said: string[]) {
  const chat = defineConnector({
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
        output: z.object({}),
        run: async ({ input }) => {
          said.push(input.text);
          return {};
        },
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
  return createHub({
    connectors: [chat],
    events: { 'order.placed': z.object({ n: z.number() }), 'order.paid': z.object({ n: z.number() }) },
    storage,
    keys,
    publicUrl: 'https://app.example.com/hub',
    health: { checkEveryMs: null },
    worker: { pollMs: 50 },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('a wait ends once, by its event or by its time, where both come about at once in two processes over PostgreSQL', {
  timeout: 60_000,
}, async () => {
  const schema = await createFaultSchema(inject('databaseUrl'));
  closers.push(() => schema.close());
  const said: string[] = [];
  const hubs = [0, 1].map(() => {
    const storage = postgresStorage({ pool: schema.pool, schema: schema.schema }) as unknown as Storage<never>;
    const hub = hubOf(storage, said);
    closers.push(async () => {
      await hub.stop();
      await storage.close();
    });
    return hub;
  });
  const [one, other] = hubs;
  if (!one || !other) throw new Error('There are two hubs.');
  const acme = one.tenant('acme');
  await acme.connections.put('team', { connector: 'chat', credential: { type: 'bearer', token: 't' } });
  await acme.automations.put('order', acme.automations.parse(waiting));
  await Promise.all(hubs.map((hub) => hub.start()));
  const count = 60;
  const numbers = Array.from({ length: count }, (_, index) => index);
  const events = await Promise.all(
    numbers.map(async (n) => {
      const { eventId } = await acme.events.publish('order.placed', { n });
      // From well before the time to well after it.
      void later(1_850 + n * 5).then(() => other.tenant('acme').events.publish('order.paid', { n }));
      return eventId;
    }),
  );
  for (let looks = 0; looks < 200 && said.length < count; looks += 1) await later(100);
  await later(500);
  const ends = said.map((text) => text.split(' ')).toSorted(([left], [right]) => Number(left) - Number(right));
  expect(ends.map(([n]) => Number(n))).toEqual(numbers);
  expect(new Set(ends.map(([, timedOut]) => timedOut))).toEqual(new Set(['true', 'false']));
  for (const [index, eventId] of events.entries()) {
    const [run] = (await acme.runs.list({ eventId })).items;
    const { status, outputs, steps } = await acme.runs.get(run?.id ?? '');
    expect([status, steps.length]).toEqual(['succeeded', 2]);
    expect(outputs['paid']).toMatchObject({ timedOut: ends[index]?.[1] === 'true' });
  }
  expect((await schema.storage.states.list('acme', 'wait:', { cursor: null, limit: 10 })).entries).toEqual([]);
});
