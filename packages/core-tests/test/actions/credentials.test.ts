import { randomBytes } from 'node:crypto';
import { createHub, type Hub, localKeys, path } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, type FakeProvider, fakeClock, hashCredential, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { depotConnector } from '../gateway/depot-connector.ts';
import { anything } from '../gateway/depot-stage.ts';

const key = randomBytes(32).toString('base64');
const first = 'tok-1111111111';
const second = 'tok-2222222222';

let clock: FakeClock;
let storage: Storage<never>;
let provider: FakeProvider;
/** Tokens that the service takes. */
let valid: Set<string>;
const hubs: Hub[] = [];

beforeEach(async () => {
  clock = fakeClock();
  storage = memoryStorage({ clock });
  valid = new Set([first, second]);
  provider = await startFakeProvider({
    handler: ({ headers }) =>
      valid.has((headers['authorization'] ?? '').slice('Bearer '.length)) ? { json: {}, effect: true } : { status: 401, json: {} },
  });
});
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.stop();
  await storage.close();
  await provider.close();
});

/** A process over the one store. `opened` counts what its key provider was asked for. */
function process(own: Storage<never> = storage) {
  const keys = localKeys({ active: 'k1', keys: { k1: key } });
  let opened = 0;
  const counting = new Proxy(keys, {
    get(target, name, receiver) {
      if (name === 'unwrap') opened += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  const hub = createHub({
    connectors: [
      depotConnector({
        origin: provider.origin,
        run: ({ http }) => http.post(path`/items`, { json: {}, response: anything }),
        changes: {
          settings: z.strictObject({ label: z.string().default('none') }),
          async healthCheck({ http, settings }) {
            await http.post(path`/health`, { json: settings, response: anything });
            return { healthy: true };
          },
        },
      }),
    ],
    storage: own,
    clock,
    keys: counting,
    publicUrl: 'https://host.example.com',
    dangerouslyAllowPrivateNetworks: true,
    retry: { baseMs: 100 },
    random: () => 0.5,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  hubs.push(hub);
  return { hub, acme: hub.tenant('acme'), opened: () => opened };
}

const put = (at: ReturnType<typeof process>, token: string, settings = {}) =>
  at.acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token }, settings });

async function call(at: ReturnType<typeof process>) {
  const { dispatchId } = await at.acme.actions.execute('depot.unsafe' as never, { connection: 'main', input: {} as never });
  return () => at.acme.dispatches.get(dispatchId);
}

const sent = (): readonly (string | undefined)[] => provider.requests.map(({ headers }) => headers['authorization']);

describe('a credential', () => {
  it('that was replaced elsewhere is used from then on, within a second of the last look', async () => {
    const [office, worker] = [process(), process()];
    await put(office, first);
    await call(office);
    await worker.hub.work();
    await put(office, second);
    await call(office);
    await clock.advance(1_001);
    await worker.hub.work();
    expect(sent()).toEqual([hashCredential(`Bearer ${first}`), hashCredential(`Bearer ${second}`)]);
  });

  it('that was replaced a moment ago, and is refused already, costs an attempt and not the dispatch', async () => {
    const [office, worker] = [process(), process()];
    await put(office, first);
    await call(office);
    await worker.hub.work();
    await put(office, second);
    valid.delete(first);
    const look = await call(office);
    await worker.hub.work();
    expect(await look()).toMatchObject({ status: 'pending', attempts: [{ outcome: 'failed', error: { code: 'authentication_failed' } }] });
    await clock.advance(1_000);
    await worker.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 2 });
  });

  it('that the service refuses, and nobody has replaced, is looked at again and then waited for', async () => {
    const office = process();
    await put(office, 'tok-3333333333');
    const look = await call(office);
    await office.hub.work();
    expect(await look()).toMatchObject({ status: 'pending', attemptCount: 1, error: { code: 'authentication_failed' } });
    expect(await office.acme.connections.get('main')).toMatchObject({ status: 'token_invalid', statusReason: 'refused' });
  });

  it('is sent no more once its connection has ended elsewhere: what waits for it waits, and uses no attempt', async () => {
    const [office, worker] = [process(), process()];
    await put(office, first);
    await call(office);
    await worker.hub.work();
    const look = await call(office);
    await office.acme.connections.disconnect('main');
    await worker.hub.work();
    expect(await look()).toMatchObject({ status: 'pending', attemptCount: 0 });
    await put(office, second);
    await clock.advance(1_001);
    await worker.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(sent()).toEqual([hashCredential(`Bearer ${first}`), hashCredential(`Bearer ${second}`)]);
  });

  it('is not sent by a dispatch that was claimed just before its connection ended', async () => {
    const office = process();
    await put(office, first);
    const look = await call(office);
    // A worker that has claimed it, and whose lane is still open: the gate is written after the connection.
    const late = process({
      ...storage,
      gates: { ...storage.gates, close: async () => undefined },
      async claim(request) {
        const claimed = await storage.claim(request);
        if (claimed.length > 0) await office.acme.connections.disconnect('main');
        return claimed;
      },
    });
    await late.hub.work();
    expect(await look()).toMatchObject({ status: 'pending', attemptCount: 0 });
    expect(sent()).toEqual([]);
    await put(office, second);
    await clock.advance(10_000);
    await office.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded' });
  });

  it('whose row in the store is an older one is not used, by an action, a request or a check', async () => {
    const office = process();
    await put(office, first);
    const old = await storage.configuration.find('acme', 'credential', (await office.acme.connections.get('main')).id);
    await put(office, second);
    const { id } = await office.acme.connections.get('main');
    const now = await storage.configuration.find('acme', 'credential', id);
    if (!old || !now) throw new Error('no credential');
    await storage.configuration.write('acme', [{ put: 'credential', id: now.id, name: now.name, expect: now.version, value: old.value }]);
    const worker = process();
    const look = await call(office);
    await worker.hub.work();
    expect(await look()).toMatchObject({ status: 'dead', error: { code: 'credential_missing' } });
    for (const { acme } of [office, worker]) {
      await expect(acme.request('main', { method: 'GET', path: path`/items` })).rejects.toMatchObject({
        code: 'credential_missing',
        sent: 'no',
        message: expect.stringContaining("not the connection's last one"),
      });
      expect(await acme.connections.test('main')).toMatchObject({ healthy: false });
    }
    expect(sent()).toEqual([]);
  });

  it('that is put together with other settings while a request begins goes with these, never with those before', async () => {
    const office = process();
    await put(office, first, { label: 'old' });
    const { configuration } = storage;
    let isPut = false;
    const find: typeof configuration.find = async (tenant, kind, name) => {
      if (kind === 'credential' && !isPut) {
        isPut = true;
        await put(office, second, { label: 'new' });
      }
      return configuration.find(tenant, kind, name);
    };
    const late = process({ ...storage, configuration: { ...configuration, find } });
    expect(await late.acme.connections.test('main')).toMatchObject({ healthy: true });
    expect(isPut).toBe(true);
    expect(sent()).toEqual([hashCredential(`Bearer ${second}`)]);
    expect(provider.requests.map(({ body }) => JSON.parse(body))).toEqual([{ label: 'new' }]);
  });

  it("of another connection or tenant cannot be put in its row's place", async () => {
    const office = process();
    await put(office, first);
    const { id } = await office.acme.connections.get('main');
    const other = await office.hub
      .tenant('other')
      .connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: second } });
    const stolen = await storage.configuration.find('other', 'credential', other.id);
    const own = await storage.configuration.find('acme', 'credential', id);
    if (!stolen || !own) throw new Error('no credential');
    const value = { ...own.value, sealed: stolen.value.sealed };
    await storage.configuration.write('acme', [{ put: 'credential', id: own.id, name: own.name, expect: own.version, value }]);
    const look = await call(office);
    const worker = process();
    await worker.hub.work();
    expect((await look()).status).toBe('dead');
    expect(sent()).toEqual([]);
  });
});

it('a store that is away or slow before anything is tried uses no attempt, and is told by name alone', async () => {
  const office = process();
  await put(office, first);
  const look = await call(office);
  const { configuration } = storage;
  let fault: 'away' | 'slow' | 'none' = 'away';
  const snapshot: typeof configuration.snapshot = (tenant, kinds) => {
    if (fault === 'none' || tenant !== 'acme') return configuration.snapshot(tenant, kinds);
    return fault === 'away' ? Promise.reject(new Error('no route; password=private')) : new Promise(() => undefined);
  };
  await process({ ...storage, configuration: { ...configuration, snapshot } }).hub.work();
  const view = await look();
  expect(view).toMatchObject({ status: 'pending', reason: 'internal', attemptCount: 0, attempts: [] });
  expect(JSON.stringify(view)).not.toContain('private');
  fault = 'slow';
  await clock.advance(5_000);
  const working = process({ ...storage, configuration: { ...configuration, snapshot } }).hub.work({ deadline: 60_000 });
  await clock.advance(31_000);
  await working;
  expect(await look()).toMatchObject({ status: 'pending', attemptCount: 0 });
  fault = 'none';
  await clock.advance(60_000);
  await process().hub.work();
  expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
});
