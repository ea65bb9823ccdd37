/**
 * Ours in `trigger-latency` and `trigger-latency-200`: an automation of one step, a function of the host, triggered by an event of the host, from
 * the built packages with their defaults.
 *
 * What it does for every event: parses it, asks which automations want it, commits event, run and dispatch, claims the dispatch with a lease
 * and fence, fills in and parses its input, calls the function, and commits what came of it as history. A process that only triggers is not
 * started as a worker: its commits wake the other one by NOTIFY.
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

await runLatencySubject(async ({ databaseUrl, part }, effect) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
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
    storage: postgresStorage({ pool }),
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
  return { trigger: (number) => acme.events.publish('order.placed', { number }) };
});
