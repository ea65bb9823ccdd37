/**
 * Ours in `trigger-latency` and `trigger-latency-200`: an automation of one step, a function of the host, triggered by an event of the host, from
 * the built packages with their defaults.
 *
 * What it does for every event: parses it, asks which automations want it, commits event, run and dispatch, claims the dispatch with a lease
 * and fence, fills in and parses its input, calls the function, and commits what came of it as history. A process that only triggers is not
 * started as a worker: its commits wake the other one by NOTIFY.
 *
 * Committed is an event when the storage is told so by the database. `publish` is fulfilled a little later, and by then its effect has started as a
 * rule: to count from there would count nothing.
 */
import { createHash } from 'node:crypto';
import { createHub, localKeys } from '@patchbay/core';
import { defineFunction } from '@patchbay/core/host';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { z } from 'zod';
import { runLatencySubject } from './latency-subject.ts';

// The same in the process that triggers and in the one that works, and of no use to anybody else.
const key = createHash('sha256').update('trigger-latency').digest('base64');

const order = z.strictObject({ number: z.int() });

/** A storage as a hub takes it, and a promise for each event that is fulfilled when the database has said that it is committed. */
function tellingCommits(storage: ReturnType<typeof postgresStorage>) {
  const waiting = new Map<number, () => void>();
  const tell = (bytes: Uint8Array): void => {
    const { number } = order.parse(JSON.parse(Buffer.from(bytes).toString()));
    waiting.get(number)?.();
    waiting.delete(number);
  };
  const ingest: typeof storage.ingest = async (items, options) => {
    const verdicts = await storage.ingest(items, options);
    for (const { event } of items) if (event !== null) tell(event.data.bytes);
    return verdicts;
  };
  return {
    storage: { ...storage, ingest },
    commitOf: (number: number): Promise<void> => new Promise((resolve) => waiting.set(number, resolve)),
  };
}

await runLatencySubject(async ({ databaseUrl, part }, effect) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const { storage, commitOf } = tellingCommits(postgresStorage({ pool }));
  const hub = createHub({
    connectors: [],
    events: { 'order.placed': order },
    functions: {
      note: defineFunction({
        idempotency: 'idempotent',
        input: order,
        output: z.strictObject({}),
        run: ({ input }) => {
          effect(input.number);
          return {};
        },
      }),
    },
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'http://127.0.0.1/hub',
  });
  if (part !== 'work') await migrate({ pool });
  await hub.ready();
  const acme = hub.tenant('acme');
  if (part !== 'work')
    await acme.automations.put('note', {
      trigger: { event: 'order.placed' },
      steps: [{ id: 'note', action: 'host.note', input: { number: '{{ event.data.number }}' } }],
    });
  if (part !== 'trigger') await hub.start();
  return {
    trigger(number) {
      const committed = commitOf(number);
      // One that fails is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
      void acme.events.publish('order.placed', { number });
      return committed;
    },
  };
});
