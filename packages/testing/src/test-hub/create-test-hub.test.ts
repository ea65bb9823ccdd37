import dns from 'node:dns';
import { Socket } from 'node:net';
import { defineAction, defineConnector, path } from '@patchbay/core';
import { recordTrigger } from '@patchbay/core/host';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type FakeProvider, startFakeProvider } from '../providers/fake-provider.ts';
import { memoryRecords } from '../records/memory-records.ts';
import { createTestHub } from './create-test-hub.ts';

let provider: FakeProvider;
let close: (() => Promise<void>) | undefined;

const answer = z.object({ id: z.number() });
const account = z.object({ id: z.string(), name: z.string() });
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

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
    healthCheck: async ({ http }) => ({ healthy: true, account: await http.get(path`/me`, { response: account }) }),
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
  vi.restoreAllMocks();
  await close?.();
  await provider?.close();
});

it('does what an event causes when it is told to settle, and records every notice', async () => {
  const { test, acme } = await setUp();
  await acme.events.publish('order.placed', { number: 'A-1' });
  expect(provider.effects()).toHaveLength(0);
  expect(await test.settled()).toBe(1);
  expect(provider.effects().map(({ body }) => body)).toEqual(['{"text":"Order A-1"}']);
  expect(test.noticesOf('run.finished').map(({ status }) => status)).toEqual(['succeeded']);
});

it("knows a host's records in memory, by their types", async () => {
  const { adapter, put, list } = memoryRecords({
    types: { task: { title: 'Task', schema: z.object({ text: z.string() }), update: z.object({ text: z.string() }) } },
  });
  const test = createTestHub({ connectors: [], records: adapter });
  close = test.close;
  put('acme', 'task', '1', { text: 'new' });
  const acme = test.tenant('acme');
  await acme.automations.put('mark', {
    trigger: recordTrigger(adapter, { type: 'task', on: 'created' }),
    steps: [{ id: 'set', action: 'record.update', input: { type: 'task', id: '{{ event.data.id }}', data: { text: 'seen' } } }],
  });
  await acme.records.changed({ type: 'task', id: '1', before: null, after: { text: 'new' } });
  expect(await test.settled()).toBe(1);
  expect(list('acme', 'task')).toEqual([{ id: '1', version: '2', data: { text: 'seen' } }]);
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

it('looks no true service up and sends it nothing, and says to use a stand-in', async () => {
  const lookup = vi.spyOn(dns.promises, 'lookup').mockRejectedValue(new Error('offline'));
  const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
    return this.destroy(new Error('offline'));
  });
  for (const origin of ['https://api.notes.example.com', 'https://93.184.216.34', 'http://192.168.0.7:8080']) {
    const test = createTestHub({ connectors: [notes(origin)], logger: quiet });
    const acme = test.tenant('acme');
    await acme.connections.put('main', { connector: 'notes', credential: { type: 'bearer', token: 'secret-token' } });
    const health = await acme.connections.test('main');
    const call = await acme.actions.execute('notes.add_note', { connection: 'main', input: { text: 'Note' } });
    await test.settled();
    const { status, error } = await call.outcome({ waitMs: 0 });
    await test.close();
    expect({ origin, status, code: error?.code }).toEqual({ origin, status: 'dead', code: 'egress_refused' });
    expect([health.healthy, health.message]).toEqual([false, error?.message]);
    expect(error?.message).toContain('Point the origin of the connector at a stand-in on 127.0.0.1');
  }
  expect([lookup.mock.calls, connect.mock.calls]).toEqual([[], []]);
});

it('lists the dispatches of every tenant with their inputs and attempts, oldest first', async () => {
  const { test, acme } = await setUp();
  expect(await test.dispatches()).toEqual([]);
  provider.failNext(1, { kind: 'answer', status: 503 });
  await acme.events.publish('order.placed', { number: 'A-3' });
  await acme.events.publish('order.placed', { number: 'A-4' });
  const globex = test.hub.tenant('globex');
  await globex.connections.put('main', { connector: 'notes', credential: { type: 'bearer', token: 'secret-token' } });
  await globex.actions.execute('notes.add_note', { connection: 'main', input: { text: 'Of another' } });
  expect((await test.dispatches('acme')).map(({ status }) => status)).toEqual(['pending', 'pending']);
  await test.settled();
  const seen = (await test.dispatches()).map(({ tenant, action, status, input, attempts }) => ({
    of: [tenant, action, status],
    input,
    results: attempts.map(({ outcome }) => outcome),
  }));
  const done = 'notes.add_note';
  expect(seen).toEqual([
    { of: ['acme', done, 'succeeded'], input: { text: 'Order A-3' }, results: ['failed', 'succeeded'] },
    { of: ['acme', done, 'succeeded'], input: { text: 'Order A-4' }, results: ['succeeded'] },
    { of: ['globex', done, 'succeeded'], input: { text: 'Of another' }, results: ['succeeded'] },
  ]);
  expect((await test.dispatches('globex')).map(({ tenant }) => tenant)).toEqual(['globex']);
});
