import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dumpStorage } from '../tenancy/dump-storage.ts';
import { majorsStage } from './majors-stage.ts';

let stage: ReturnType<typeof majorsStage>;
beforeEach(() => {
  stage = majorsStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'shop-token-123456' } as const;
type StageHub = ReturnType<ReturnType<typeof majorsStage>['hub']>;
const acmeOf = (hub: StageHub) => hub.tenant('acme');

/** A hub with both majors, and a connection of the first. */
async function stageHub(changes: Parameters<typeof stage.hubWith>[0] = {}, settings: Readonly<Record<string, string>> = {}) {
  const hub = stage.hubWith(changes);
  const acme = acmeOf(hub);
  await acme.connections.put('main', { connector: 'shop', major: 1, credential, settings });
  return { hub, acme };
}

const sale = (input: object, event: object = { event: 'order.placed' }) => ({
  trigger: event,
  steps: [{ id: 'a', action: 'shop.sell', connection: 'main', input }],
});
const put = (acme: ReturnType<typeof acmeOf>, name: string, definition: object) =>
  acme.automations.put(name, acme.automations.parse(definition));

/** Why a migration is refused. */
const problemsOf = async (call: Promise<unknown>): Promise<readonly string[]> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'migration_refused' });
  const shape = z.object({ details: z.object({ problems: z.array(z.object({ about: z.string() })) }) });
  return shape.parse(error).details.problems.map(({ about }) => about);
};

describe('a migration', () => {
  it('moves a connection with its settings and what it is confined to, in one write that is recorded and told', async () => {
    const { hub, acme } = await stageHub({}, { region: 'north' });
    await acme.connections.update('main', { confinedTo: { aisle: ['a', 'b'] } });
    const told: object[] = [];
    hub.on('connection.migrated', (notice) => told.push(notice));
    const report = await acme.connections.migrate('main', { to: 2 });
    expect(report).toMatchObject({ from: 1, to: 2, migrated: true, problems: [], warnings: [] });
    expect(await acme.connections.get('main')).toMatchObject({
      major: 2,
      status: 'active',
      settings: { zone: 'zone-north' },
      confinedTo: { shelf: ['a', 'b'] },
      lastCheck: null,
    });
    expect(report.connection).toEqual(await acme.connections.get('main'));
    expect(told).toMatchObject([{ connectorId: 'shop', from: 1, to: 2, tenant: 'acme' }]);
    const audited = (await acme.audit.list()).items.filter(({ action }) => action === 'connection.migrate');
    expect(audited).toMatchObject([{ connection: report.connection.id, details: { from: 1, to: 2 } }]);
    await acme.connections.test('main');
    await acme.actions.execute('shop.sell', { connection: 'main', input: { item: 'a' } });
    await hub.work({ deadline: 60_000 });
    expect(stage.log).toEqual(['health@2', 'sell@2 in zone-north']);
  });

  it('that is only tried answers the same and changes nothing', async () => {
    const { acme } = await stageHub({}, { region: 'north' });
    await put(acme, 'sale', sale({ thing: 'a' }));
    const before = await dumpStorage(stage.storage, ['acme']);
    const tried = await acme.connections.migrate('main', { to: 2, dryRun: true });
    expect(tried).toMatchObject({ migrated: false, settings: { zone: 'zone-north' }, connection: { major: 1 } });
    expect(tried.problems.map(({ about, name }) => [about, name])).toEqual([['automation', 'sale']]);
    expect(await dumpStorage(stage.storage, ['acme'])).toEqual(before);
    expect((await acme.connections.get('main')).major).toBe(1);
  });

  it('changes nothing where it is there already, and refuses a major that is not registered', async () => {
    const { acme } = await stageHub();
    await acme.connections.migrate('main', { to: 2 });
    expect(await acme.connections.migrate('main', { to: 2 })).toMatchObject({ from: 2, to: 2, migrated: false });
    await expect(acme.connections.migrate('main', { to: 3 })).rejects.toMatchObject({ code: 'unknown_connector' });
    await expect(acme.connections.migrate('main', { to: 1.5 })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(acme.connections.migrate('other', { to: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is seen by other processes as any change is', async () => {
    const { acme } = await stageHub();
    const other = acmeOf(stage.hub(1, 2));
    await other.actions.execute('shop.sell', { connection: 'main', input: { thing: 'a' } });
    await acme.connections.migrate('main', { to: 2 });
    await expect(other.actions.execute('shop.haggle', { connection: 'main', input: {} })).rejects.toMatchObject({ code: 'unknown_action' });
  });
});

describe('the way back', () => {
  it('leads to what it was, as long as nothing was changed', async () => {
    const { acme } = await stageHub({}, { region: 'north' });
    await acme.connections.update('main', { confinedTo: { aisle: ['a'] } });
    await acme.connections.migrate('main', { to: 2 });
    await acme.connections.migrate('main', { to: 1 });
    expect(await acme.connections.get('main')).toMatchObject({ major: 1, settings: { region: 'north' }, confinedTo: { aisle: ['a'] } });
  });

  it('is refused where the lower major cannot take what was changed, with all of it in one error', async () => {
    const { acme } = await stageHub();
    await acme.connections.migrate('main', { to: 2 });
    await acme.connections.update('main', { settings: { zone: 'zone-south' }, confinedTo: { shelf: ['a'] } });
    expect(await problemsOf(acme.connections.migrate('main', { to: 1 }))).toEqual(['settings', 'confinement']);
    expect(await acme.connections.get('main')).toMatchObject({ major: 2, settings: { zone: 'zone-south' } });
  });
});

it('a credential that the major of now does not take is not brought back', async () => {
  const hub = stage.hubWith({ auth: [{ type: 'bearer' }, { type: 'basic' }] });
  const { connections } = acmeOf(hub);
  await connections.put('main', { connector: 'shop', credential: { type: 'basic', username: 'ada', password: 'a password of hers' } });
  await connections.rotate('main', { credential, check: false });
  await connections.migrate('main', { to: 1 });
  await expect(connections.rollBack('main')).rejects.toMatchObject({ code: 'credential_missing' });
  await connections.migrate('main', { to: 2 });
  expect(await connections.rollBack('main')).toMatchObject({ major: 2, status: 'active' });
});

describe('a migration is refused', () => {
  it('for a credential that the other major does not take', async () => {
    const { acme } = await stageHub({ auth: [{ type: 'none' }] });
    expect(await problemsOf(acme.connections.migrate('main', { to: 2 }))).toEqual(['credential']);
  });

  it('for settings and a confinement that its author brings over wrongly, or lifts', async () => {
    const cases = [
      { settings: () => ({ zone: 3 }) },
      { settings: () => Object.assign(() => undefined) },
      {
        settings: () => {
          throw new Error('a secret');
        },
      },
    ];
    for (const migration of cases) {
      const { acme } = await stageHub({ migrations: { 1: migration } });
      const call = acme.connections.migrate('main', { to: 2 });
      await expect(call).rejects.not.toMatchObject({ message: expect.stringContaining('a secret') });
      expect(await problemsOf(call)).toEqual(['settings']);
    }
    const { acme } = await stageHub({ migrations: { 1: { settings: () => ({}), confinedTo: () => ({}) } } });
    await acme.connections.update('main', { confinedTo: { aisle: ['a'] } });
    expect(await problemsOf(acme.connections.migrate('main', { to: 2 }))).toEqual(['confinement']);
  });

  it('for automations that do not fit, unless their definitions come with it', async () => {
    const { hub, acme } = await stageHub();
    await put(acme, 'sale', sale({ thing: 'a' }));
    await put(acme, 'starts', sale({ thing: 'a' }, { event: 'shop.sold', connection: 'main' }));
    const wait = { id: 'w', action: 'flow.wait', event: 'shop.sold', connection: 'main', timeout: '1h' };
    await put(acme, 'waits', { trigger: { event: 'order.placed' }, steps: [wait] });
    await put(acme, 'off', sale({ thing: 'b' }));
    await acme.automations.disable('off');
    await put(acme, 'loose', {
      ...sale({}, { event: 'shop.sold' }),
      steps: [{ id: 'a', action: 'shop.order', connection: 'main', input: {} }],
    });
    const call = acme.connections.migrate('main', { to: 2 });
    expect(await problemsOf(call)).toEqual(['automation', 'automation', 'automation']);
    await acme.automations.delete('waits');
    const automations = {
      sale: sale({ item: 'a' }),
      starts: sale({ item: 'a' }, { event: 'shop.item.sold', connection: 'main' }),
    };
    const wrong = { ...automations, sale: sale({ items: 'a' }) };
    expect(await problemsOf(acme.connections.migrate('main', { to: 2, automations: wrong }))).toEqual(['automation']);
    const report = await acme.connections.migrate('main', { to: 2, automations });
    expect(report.warnings.map(({ about, name }) => [about, name])).toEqual([
      ['automation', 'off'],
      ['automation', 'loose'],
    ]);
    expect(await acme.automations.get('sale')).toMatchObject({ version: 2, enabled: true, definition: automations.sale });
    await acme.events.publish('order.placed', { thing: 'a' });
    await hub.work({ deadline: 60_000 });
    expect(stage.log).toEqual(['sell@2']);
  });

  it('for content, enrichers and alerts that the other major does not have', async () => {
    const { acme } = await stageHub();
    await acme.content.put({ connection: 'main', source: 'rumours' });
    await acme.content.put({ connection: 'main', source: 'wares' });
    await acme.alerts.put('alarm', {
      on: ['dispatch.dead'],
      levels: [{ channels: [{ action: 'shop.haggle', connection: 'shop/main', input: {} }] }],
    });
    expect(await problemsOf(acme.connections.migrate('main', { to: 2 }))).toEqual(['content', 'alert_rule']);
    await acme.content.delete({ connection: 'main', source: 'rumours' });
    await acme.alerts.delete('alarm');
    await acme.connections.migrate('main', { to: 2 });
  });

  it('for a webhook that nothing would come of', async () => {
    const { acme } = await stageHub({ migrations: { 1: { settings: () => ({}) } } });
    await acme.webhooks.register({ connection: 'main', trigger: 'sold', secret: 'secret of main' });
    expect(await problemsOf(acme.connections.migrate('main', { to: 2 }))).toEqual(['webhook']);
  });
});

describe('what is told', () => {
  it('of scopes that were not granted, polling that ends and work of the major before', async () => {
    const { hub, acme } = await stageHub({ scopes: ['stock:read'] });
    await acme.connections.update('main', { grantedScopes: ['other'] });
    await acme.actions.execute('shop.haggle', { connection: 'main', input: {} });
    const missing: object[] = [];
    hub.on('connection.scopes_missing', (notice) => missing.push(notice));
    const report = await acme.connections.migrate('main', { to: 2 });
    expect(report.warnings.map(({ about }) => about)).toEqual(['scopes', 'work']);
    expect(report.warnings[0]?.message).toContain('stock:read');
    expect(missing).toHaveLength(1);
  });
});

describe('a webhook that stands', () => {
  it('goes on for the triggers of the other major, by its signature', async () => {
    const { hub, acme } = await stageHub();
    const secret = 'secret of main';
    const { id, url } = await acme.webhooks.register({ connection: 'main', trigger: 'sold', secret });
    const types: string[] = [];
    hub.on('event.published', ({ type }) => types.push(type));
    expect(await stage.deliver(hub, { url, scheme: 1, secret, id: 'd1' })).toBe(202);
    const report = await acme.connections.migrate('main', { to: 2 });
    expect(report.warnings.map(({ about }) => about)).toEqual(['webhook']);
    expect(await acme.webhooks.get(id)).toMatchObject({ triggers: ['item.sold'] });
    expect(await stage.deliver(hub, { url, scheme: 2, secret, id: 'd2' })).toBe(202);
    expect(await stage.deliver(hub, { url, scheme: 1, secret, id: 'd3' })).toBe(401);
    expect(types).toEqual(['shop.sold', 'shop.item.sold']);
  });
});
