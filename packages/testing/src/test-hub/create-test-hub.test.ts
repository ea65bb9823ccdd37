import { defineAction, defineConnector, path } from '@patchbay/core';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type FakeProvider, startFakeProvider } from '../providers/fake-provider.ts';
import { createTestHub } from './create-test-hub.ts';

let provider: FakeProvider;
let close: () => Promise<void>;

const answer = z.object({ id: z.number() });

const notes = (origin: string) =>
  defineConnector({
    id: 'notes',
    name: 'Notes',
    description: 'Keeps notes.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin,
    actions: {
      add_note: defineAction({
        title: 'Add note',
        description: 'Adds a note.',
        idempotency: 'idempotent',
        input: z.strictObject({ text: z.string() }),
        output: answer,
        run: ({ input, http }) => http.put(path`/notes`, { json: input, response: answer }),
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });

async function setUp() {
  provider = await startFakeProvider({ routes: { 'PUT /notes': () => ({ status: 200, json: { id: 1 }, effect: true }) } });
  const test = createTestHub({ connectors: [notes(provider.origin)], events: { 'order.placed': z.object({ number: z.string() }) } });
  close = test.close;
  const acme = test.tenant('acme');
  await acme.connections.put('main', { connector: 'notes', credential: { type: 'bearer', token: 'secret-token' } });
  await acme.automations.put('note', {
    trigger: { event: 'order.placed' },
    steps: [{ id: 'note', action: 'notes.add_note', connection: 'main', input: { text: 'Order {{ event.data.number }}' } }],
  });
  return { test, acme };
}

afterEach(async () => {
  await close();
  await provider.close();
});

it('does what an event causes when it is told to settle, and records every notice', async () => {
  const { test, acme } = await setUp();
  await acme.events.publish('order.placed', { number: 'A-1' });
  expect(provider.effects()).toHaveLength(0);
  expect(await test.settled()).toBe(1);
  expect(provider.effects().map(({ body }) => body)).toEqual(['{"text":"Order A-1"}']);
  expect(test.noticesOf('run.finished').map(({ status }) => status)).toEqual(['succeeded']);
});

it('moves the clock through a rate limit and a failure, and not further than it may', async () => {
  const { test, acme } = await setUp();
  provider.failNext(1, { kind: 'rate_limit', retryAfter: 600 });
  provider.failNext(1, { kind: 'answer', status: 503 });
  await acme.events.publish('order.placed', { number: 'A-2' });
  const before = test.clock.now();
  expect(await test.settled({ withinMs: 60_000 })).toBe(1);
  expect(test.clock.now() - before).toBeLessThanOrEqual(60_000);
  expect(await test.settled()).toBe(2);
  expect(test.clock.now() - before).toBeGreaterThanOrEqual(600_000);
  expect(test.noticesOf('action.executed').map(({ result, attempt }) => [attempt, result])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'succeeded'],
  ]);
});
