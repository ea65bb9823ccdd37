import { type Connector, createHub, defineConnector, localKeys } from '@patchbay/core';
import { expect, it, onTestFinished } from 'vitest';
import { away, chimeService } from '../registrations/chime-service.ts';
import { bellConnector, bellScheme } from '../webhooks/bell-connector.ts';
import { bellStage, ring } from '../webhooks/bell-stage.ts';

const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

/** A bell of which the second major winds no more, with a webhook that the hub has registered for all there is. */
async function setUp({ registers = true } = {}) {
  const stage = bellStage();
  const service = chimeService({ now: () => stage.clock.now() });
  const first = bellConnector({ webhook: { subscriptions: service.subscriptions } });
  const { wound: _, ...triggers } = first.definition.triggers;
  const { subscriptions: __, ...webhook } = first.definition.webhook ?? {
    scheme: bellScheme,
    deliveryId: 'x-bell-delivery',
    toEvents: () => [],
  };
  const second: Connector = defineConnector({
    ...first.definition,
    version: '2.0.0',
    triggers,
    webhook: registers ? { ...webhook, subscriptions: service.subscriptions } : webhook,
  });
  const hub = createHub({
    connectors: [first, second],
    storage: stage.storage,
    clock: stage.clock,
    keys: localKeys({ active: 'k1', keys }),
    publicUrl: 'https://host.example.com/hub',
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(async () => {
    await hub.stop();
    await stage.close();
  });
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'bell', major: 1, credential: { type: 'none' } });
  const { id, url } = await acme.webhooks.register({ connection: 'main' });
  const rings = async () => {
    const { headers, body } = ring({ secret: service.held[0]?.secret ?? '' });
    return (await hub.handler(new Request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })))
      .status;
  };
  return { stage, service, hub, acme, id, rings };
}

it('a webhook that the hub has registered is brought to what the other major has', async () => {
  const { service, acme, id, rings } = await setUp();
  expect(service.held).toMatchObject([{ triggers: ['muted', 'rung', 'wound'] }]);
  const tried = await acme.connections.migrate('main', { to: 2, dryRun: true });
  expect(tried.warnings).toMatchObject([{ about: 'webhook', name: id, message: expect.stringContaining('wound') }]);
  expect(service.calls).toEqual(['create']);
  await acme.connections.migrate('main', { to: 2 });
  expect(service.held).toMatchObject([{ triggers: ['muted', 'rung'] }]);
  expect(await acme.webhooks.get(id)).toMatchObject({ status: 'active', triggers: ['muted', 'rung'] });
  expect(await rings()).toBe(202);
});

it('and later, where the service is away at that moment', async () => {
  const { stage, service, hub, acme, rings } = await setUp();
  service.faults.push({ call: 'list', error: away() });
  expect(await acme.connections.migrate('main', { to: 2 })).toMatchObject({ migrated: true });
  expect([service.held[0]?.triggers, await rings()]).toEqual([['muted', 'rung', 'wound'], 202]);
  await stage.clock.advance(86_400_000);
  await hub.work({ deadline: 60_000 });
  expect(service.held[0]?.triggers).toEqual(['muted', 'rung']);
});

it('a major that cannot look after it is refused', async () => {
  const { acme } = await setUp({ registers: false });
  await expect(acme.connections.migrate('main', { to: 2 })).rejects.toMatchObject({
    code: 'migration_refused',
    details: { problems: [{ about: 'webhook' }] },
  });
});
