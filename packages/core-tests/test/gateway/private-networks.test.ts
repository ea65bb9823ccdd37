import { createHub, type Hub, localKeys, path } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { depotConnector } from './depot-connector.ts';
import { anything, token } from './depot-stage.ts';
import { type TcpSink, tcpSink } from './tcp-sink.ts';

let sink: TcpSink;
const hubs: Hub[] = [];

beforeEach(async () => {
  sink = await tcpSink();
});
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.stop();
  await sink.close();
});

/** A hub as a host makes it, with a connector whose service is at the origin. */
async function setUp(origin: string) {
  const clock = fakeClock();
  const hub = createHub({
    connectors: [depotConnector({ origin, run: ({ http }) => http.post(path`/items`, { json: {}, response: anything }) })],
    storage: memoryStorage({ clock }),
    clock,
    keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') } }),
    publicUrl: 'https://host.example.com/hub',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  hubs.push(hub);
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
  return { hub, acme };
}

describe('a hub that was not told to open private networks', () => {
  it.each([
    ['http://127.0.0.1', 'Only https is open.'],
    ['https://127.0.0.1', 'The host leads to an address that is not public.'],
    ['https://localhost', 'The host is not a public name.'],
    ['https://[::1]', 'The host leads to an address that is not public.'],
  ])('opens no connection to %s, whoever asks', async (place, why) => {
    const { hub, acme } = await setUp(`${place}:${sink.port}`);
    const health = await acme.connections.test('main');
    expect([health.healthy, health.message]).toEqual([false, expect.stringContaining(why)]);
    const refused = { code: 'egress_refused', sent: 'no', message: expect.stringContaining(why) };
    await expect(acme.request('main', { method: 'GET', path: path`/items` })).rejects.toMatchObject(refused);
    const { dispatchId } = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
    await hub.work();
    const { status, error, attempts } = await acme.dispatches.get(dispatchId);
    expect([status, error?.code, attempts.map(({ outcome }) => outcome)]).toEqual(['dead', 'egress_refused', ['failed']]);
    expect(sink.connections()).toBe(0);
  });

  it("opens the port that its connector's origin names, and asks next where that leads", async () => {
    const { acme } = await setUp('https://127.0.0.1:8443');
    await expect(acme.request('main', { method: 'GET', path: path`/items` })).rejects.toMatchObject({
      code: 'egress_refused',
      details: { reason: 'address' },
    });
  });
});
