import { createHub, localKeys } from '@patchbay/core';
import { type Clock, systemClock, type Wake } from '@patchbay/core/adapter';
import { newItem } from '@patchbay/storage-records';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../src/database/database.ts';
import { nobody } from '../src/database/scope.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { postgresQueue, wakeChannel } from '../src/queue/postgres-queue.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  test = await createTestSchema();
});
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  await test.clear();
});
afterAll(() => test.close());

/** A queue as another process has it, on a pool of its own. */
function openQueue(clock: Clock = systemClock) {
  const queue = postgresQueue({
    database: openDatabase({ pool: test.anotherPool(), schema: test.schema, prepare: true }).within(nobody),
    clock,
  });
  closings.push(() => queue.close());
  return queue;
}

/** Listens with the queue, and resolves when it is connected. */
async function listen(queue: ReturnType<typeof openQueue>) {
  const hints: Wake[] = [];
  const waiting = new Set<() => void>();
  const stop = queue.onWake((hint) => {
    hints.push(hint);
    for (const look of [...waiting]) look();
  });
  const heard = (fits: (hint: Wake) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!hints.some(fits)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await heard(() => true);
  hints.length = 0;
  return { hints, heard, stop };
}

/** What is sent on the schema's channel, as anybody can hear it. */
async function overhear() {
  const client = new pg.Client(inject('databaseUrl'));
  await client.connect();
  closings.push(() => client.end());
  const channel = wakeChannel(test.schema);
  await client.query(`listen "${channel}"`);
  const texts: string[] = [];
  client.on('notification', ({ payload = '' }) => texts.push(payload));
  // Notifications come in the order of their commits: behind this one, nothing that was sent before is missing.
  const all = async (): Promise<string[]> => {
    await test.pool.query('select pg_notify($1, $2)', [channel, 'the end']);
    while (!texts.includes('the end')) await client.query('select');
    return texts.slice(0, texts.indexOf('the end'));
  };
  return all;
}

const listening = async (): Promise<number[]> =>
  (
    await test.pool.query<{ pid: number }>("select pid from pg_stat_activity where application_name = $1 and query like 'listen%'", [
      test.schema,
    ])
  ).rows.map(({ pid }) => pid);

const hasHandler = (handler: string) => (hint: Wake) => hint.handlers?.includes(handler) ?? false;

describe('a wake-up', () => {
  it('reaches another process, and its own once', async () => {
    const [one, other] = [openQueue(), openQueue()];
    const [here, there] = [await listen(one), await listen(other)];
    await one.wake({ handlers: ['action:jira@1'] });
    await there.heard(hasHandler('action:jira@1'));
    await other.wake({ handlers: ['action:github@1'] });
    await here.heard(hasHandler('action:github@1'));
    expect(here.hints).toEqual([{ handlers: ['action:jira@1'] }, { handlers: ['action:github@1'] }]);
  });

  it('goes out at once, and a thousand more as one after the pause', async () => {
    const timers: (() => void)[] = [];
    let now = 0;
    const clock: Clock = {
      ...systemClock,
      monotonic: () => now,
      setTimer: (callback) => {
        timers.push(callback);
        return { cancel: () => undefined };
      },
    };
    const queue = openQueue(clock);
    const all = await overhear();
    for (let count = 0; count < 1_000; count += 1) await queue.wake({ handlers: [`subscriber:${count}`] });
    while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    now += 20;
    timers[0]?.();
    await queue.close();
    const sent = await all();
    expect(sent).toHaveLength(2);
    expect(sent.map((text) => JSON.parse(text)[1].handlers?.length ?? 'all')).toEqual([1, 'all']);
    expect(timers).toHaveLength(1);
  });

  it('is no part of what is stored: storing sends none, in a transaction of the host or outside', async () => {
    const storage = postgresStorage({ pool: test.pool, schema: test.schema });
    const all = await overhear();
    const host = await test.pool.connect();
    await host.query('begin');
    await storage.ingest([{ ...newItem(), plan: null }], { transaction: host });
    await host.query('commit');
    host.release();
    await storage.ingest([newItem()]);
    expect(await all()).toEqual([]);
    await storage.close();
  });

  it('gets through again after the connection was lost, and what was missed is looked for', async () => {
    const [one, other] = [openQueue(), openQueue()];
    const there = await listen(other);
    const [pid] = await listening();
    await test.pool.query('select pg_terminate_backend($1)', [pid]);
    await there.heard((hint) => Object.keys(hint).length === 0);
    await one.wake({ handlers: ['a'] });
    await there.heard(hasHandler('a'));
  });

  it('does not fail where the server is away', async () => {
    const pool = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const queue = postgresQueue({
      database: openDatabase({ pool, schema: test.schema, prepare: true }).within(nobody),
      clock: systemClock,
    });
    const hints: Wake[] = [];
    const heard = new Promise<void>((resolve) =>
      queue.onWake((hint) => {
        hints.push(hint);
        resolve();
      }),
    );
    await queue.wake({ handlers: ['a'] });
    await heard;
    expect(hints).toEqual([{ handlers: ['a'] }]);
    await queue.close();
    await pool.end();
  });
});

describe('the connection that listens', () => {
  it('is there while somebody listens, and only then', async () => {
    const queue = openQueue();
    await queue.wake({});
    expect(await listening()).toHaveLength(0);
    const { stop } = await listen(queue);
    expect(await listening()).toHaveLength(1);
    stop();
    while ((await listening()).length > 0);
    await listen(queue);
    await queue.close();
    while ((await listening()).length > 0);
  });

  it('is not opened where the host turns it off, and nothing is sent', async () => {
    const storage = postgresStorage({ pool: test.pool, schema: test.schema, notify: false });
    const all = await overhear();
    const heard = new Promise<void>((resolve) => storage.queue.onWake(() => resolve()));
    await storage.queue.wake({});
    await heard;
    expect(await all()).toEqual([]);
    expect(await listening()).toHaveLength(0);
    await storage.close();
  });
});

/** A schema that takes everything, with a shape of its own for who asks. */
const anything = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
};

describe('a hub that only works', () => {
  /** A process with a subscriber that works and publishes nothing. */
  async function work(figures: { readonly notify: boolean; readonly pollMs: number }) {
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const open = () => {
      const storage = postgresStorage({ pool: test.anotherPool(), schema: test.schema, notify: figures.notify });
      const keys = localKeys({ active: 'k', keys: { k: secret } });
      const hub = createHub({
        connectors: [],
        storage,
        keys,
        publicUrl: 'https://app.example.com',
        events: { 'order.placed': anything },
        worker: { pollMs: figures.pollMs },
      });
      closings.push(() => hub.stop().then(() => storage.close()));
      return { hub, storage };
    };
    const worker = open();
    const heard = Promise.withResolvers<unknown>();
    worker.hub.subscribe('order.*', { name: 'index' }, async (event) => heard.resolve(event.data));
    await worker.hub.start();
    if (figures.notify) while ((await listening()).length === 0);
    return { heard: heard.promise, open };
  }

  /** Publishes in one process what another delivers to its subscriber. */
  async function deliver(figures: { readonly notify: boolean; readonly pollMs: number }): Promise<unknown> {
    const { heard, open } = await work(figures);
    await open().hub.tenant('acme').events.publish('order.placed', { number: 7 });
    return heard;
  }

  it('hears of what a process publishes that does not, long before it would look', { timeout: 20_000 }, async () => {
    expect(await deliver({ notify: true, pollMs: 3_600_000 })).toEqual({ number: 7 });
  });

  /** Stores an event unplanned, as one published in a transaction of the host, and lets another process route it to its subscriber. */
  async function route(figures: { readonly notify: boolean; readonly pollMs: number }): Promise<unknown> {
    const { heard, open } = await work(figures);
    const item = newItem([], { plan: null });
    const data = { codec: 'plain' as const, bytes: new TextEncoder().encode('{"number":8}') };
    const web = open();
    await web.hub.ready();
    await web.storage.ingest([{ ...item, event: item.event && { ...item.event, type: 'order.placed', data } }]);
    await web.storage.queue.wake({});
    return heard;
  }

  it('hears of an event that another process has left unplanned', { timeout: 20_000 }, async () => {
    expect(await route({ notify: true, pollMs: 3_600_000 })).toEqual({ number: 8 });
  });

  it('finds an unplanned event where every notification is dropped', async () => {
    expect(await route({ notify: false, pollMs: 100 })).toEqual({ number: 8 });
  });

  it('finds it by itself where every notification is dropped', async () => {
    expect(await deliver({ notify: false, pollMs: 100 })).toEqual({ number: 7 });
  });
});
