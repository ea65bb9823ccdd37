import { createHub, defineAction, defineConnector, localKeys, type Notices } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';

let clock: FakeClock;
/** Milliseconds that the busy connector's code takes, in which nothing else runs. */
let busyMs: number;
let skew: number;
let begun: string[];
let stop: (() => Promise<void>) | undefined;

beforeEach(() => {
  [clock, busyMs, skew, begun] = [fakeClock(), 2_000, 0, []];
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const key = Buffer.alloc(32, 3).fill(5, 16).toString('base64');

const connectorOf = (id: 'busy' | 'calm', work: () => void) =>
  defineConnector({
    id,
    name: id,
    description: 'Works.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin: 'https://api.example.com',
    actions: {
      work: defineAction({
        title: 'Work',
        description: 'Works.',
        idempotency: 'read',
        input: z.json(),
        output: z.json(),
        async run() {
          work();
          return null;
        },
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
    initialize: async () => void begun.push(`${id} begins`),
    shutdown: async () => void begun.push(`${id} ends`),
  });

async function setUp() {
  const storage = memoryStorage({ clock });
  const hub = createHub({
    connectors: [
      connectorOf('busy', () => {
        skew += busyMs;
      }),
      connectorOf('calm', () => undefined),
    ],
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'https://app.example.com/hub',
    logger: quiet,
    clock: { ...clock, monotonic: () => clock.monotonic() + skew },
  });
  stop = hub.stop;
  const notices: Notices['connector.blocked'][] = [];
  hub.on('connector.blocked', (notice) => notices.push(notice));
  const acme = hub.tenant('acme');
  for (const connector of ['busy', 'calm']) await acme.connections.put('main', { connector, credential: { type: 'none' } });
  const work = async (connector: 'busy' | 'calm') => {
    const { dispatchId } = await acme.actions.execute(`${connector}.work`, { connection: `${connector}/main`, input: {} });
    await hub.work({ deadline: 10_000 });
    await clock.settle();
    return async () => (await acme.dispatches.get(dispatchId)).status;
  };
  return { hub, notices, work };
}

it('names a connector whose code keeps the process busy, holds its actions after three times, and lets them go on when it is well', async () => {
  const { hub, notices, work } = await setUp();
  for (let time = 0; time < 3; time += 1) expect(await (await work('busy'))()).toBe('succeeded');
  expect(notices).toMatchObject([
    { connectorId: 'busy', operation: 'work', heldForMs: null },
    { connectorId: 'busy', heldForMs: null },
    { connectorId: 'busy', heldForMs: 60_000 },
  ]);
  expect(notices.every(({ blockedMs }) => blockedMs >= 2_000)).toBe(true);
  const waiting = await work('busy');
  expect(await waiting()).toBe('pending');
  expect(await (await work('calm'))()).toBe('succeeded');
  const operator = hub.operator({ actor: 'ops', reason: 'a process hangs' });
  expect(operator.heldConnectors()).toMatchObject([{ connector: 'busy' }]);
  busyMs = 0;
  await clock.advance(61_000);
  await hub.work({ deadline: 10_000 });
  expect(await waiting()).toBe('succeeded');
  expect(operator.heldConnectors()).toEqual([]);
});

it('is begun again by an operator, and its actions go on at once', async () => {
  const { hub, work } = await setUp();
  for (let time = 0; time < 3; time += 1) await work('busy');
  busyMs = 0;
  const operator = hub.operator({ actor: 'ops', reason: 'a process hangs' });
  await operator.restartConnector('busy');
  expect(begun).toEqual(['busy begins', 'calm begins', 'busy ends', 'busy begins']);
  expect(await (await work('busy'))()).toBe('succeeded');
  await expect(operator.restartConnector('nobody')).rejects.toMatchObject({ code: 'unknown_connector' });
});
