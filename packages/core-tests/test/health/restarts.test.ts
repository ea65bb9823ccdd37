import { type Connector, createHub, defineConnector, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

const key = Buffer.alloc(32, 3).fill(5, 16).toString('base64');

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** Processes over one store, each with a connector of its own that notes what becomes of it. */
let clock: ReturnType<typeof fakeClock>;
let storage: ReturnType<typeof memoryStorage>;
beforeEach(() => {
  clock = fakeClock();
  storage = memoryStorage({ clock });
});

function open(onInitialize: () => void = () => undefined) {
  const did: string[] = [];
  const connector: Connector = defineConnector({
    ...{ id: 'lamp', name: 'Lamp', description: 'Shines.', version: '1.0.0', category: 'custom', auth: [{ type: 'none' }] },
    ...{ origin: 'https://lamp.example.com', actions: {}, triggers: {} },
    async initialize() {
      did.push('initialize');
      onInitialize();
    },
    async shutdown() {
      did.push('shutdown');
    },
    healthCheck: async () => ({ healthy: true }),
  });
  const hub = createHub({
    ...{ storage, clock, connectors: [connector], publicUrl: 'https://host.example.com/hub' },
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return { hub, did, operator: hub.operator({ actor: 'grace', reason: 'ticket 12' }) };
}

it('restarts a connector here at once, and in the other processes when they look, once for each time', async () => {
  const [one, two] = [open(), open()];
  close = async () => {
    await one.hub.stop();
    await two.hub.stop();
  };
  for (const { hub } of [one, two]) await hub.work();
  expect([one.did, two.did]).toEqual([['initialize'], ['initialize']]);
  await one.operator.restartConnector('lamp');
  expect([one.did, two.did]).toEqual([['initialize', 'shutdown', 'initialize'], ['initialize']]);
  for (let look = 0; look < 3; look += 1) {
    await clock.advance(60_000);
    for (const { hub } of [one, two]) await hub.work();
  }
  expect(one.did).toEqual(['initialize', 'shutdown', 'initialize']);
  expect(two.did).toEqual(['initialize', 'shutdown', 'initialize']);
  // One that begins later has nothing to restart.
  const late = open();
  await late.hub.work();
  await clock.advance(60_000);
  await late.hub.work();
  expect(late.did).toEqual(['initialize']);
  await late.hub.stop();
  const { items } = await storage.audit.page('', {}, { cursor: null, limit: 10 });
  expect(items.map(({ action, object }) => [action, object.id])).toContainEqual(['operator.restart_connector', 'lamp']);
});

it('says what the connector throws, and starts it again with the next restart', async () => {
  let fails = false;
  const { hub, did, operator } = open(() => {
    if (fails) throw new Error('The lamp is broken.');
  });
  close = () => hub.stop();
  await hub.ready();
  fails = true;
  await expect(operator.restartConnector('lamp')).rejects.toThrow('broken');
  fails = false;
  await operator.restartConnector('lamp');
  expect(did).toEqual(['initialize', 'shutdown', 'initialize', 'initialize']);
  await expect(operator.restartConnector('ghost')).rejects.toMatchObject({ code: 'unknown_connector' });
});
