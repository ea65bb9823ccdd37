import type { Notices } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { majorsStage } from './majors-stage.ts';

let stage: ReturnType<typeof majorsStage>;
beforeEach(() => {
  stage = majorsStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'shop-token-123456' } as const;
const message = 'It goes away.';

/** A hub whose second major goes away as is said, and what it tells of that. */
function endingHub(ends: Parameters<typeof stage.hubEnding>[0]) {
  const { hub, lines } = stage.hubEnding(ends);
  const told: Notices['connector.deprecated'][] = [];
  hub.on('connector.deprecated', (notice) => told.push(notice));
  return { hub, acme: hub.tenant('acme'), told, lines };
}

const toldOf = (told: readonly Notices['connector.deprecated'][]) =>
  told.filter(({ tenant }) => tenant !== null).map(({ kind, name, automation, isOver }) => [kind, name, automation, isOver]);
const order = { trigger: { event: 'order.placed' }, steps: [{ id: 'a', action: 'shop.order', connection: 'main', input: {} }] };

describe('what goes away', () => {
  it('is told of when the hub is ready, once, with a line in the log', async () => {
    const { hub, told, lines } = endingHub({ connector: { message, sunset: '2027-06-30', replacedBy: 'shop@3' }, action: { message } });
    await hub.ready();
    await hub.ready();
    expect(told).toMatchObject([
      {
        tenant: null,
        kind: 'connector',
        name: 'shop@2',
        message,
        replacedBy: 'shop@3',
        sunsetAt: Date.parse('2027-07-01T00:00:00Z'),
        isOver: false,
      },
      { tenant: null, kind: 'action', name: 'shop.order', replacedBy: null, sunsetAt: null },
    ]);
    expect(lines.filter(([, line]) => line === 'something of a connector goes away').map(([level]) => level)).toEqual(['info', 'info']);
  });

  it('is told of when a connection or an automation begins to use it, and not with each event', async () => {
    const { hub, acme, told } = endingHub({ connector: { message }, action: { message }, trigger: { message } });
    await acme.connections.put('main', { connector: 'shop', credential });
    await acme.automations.put('order', acme.automations.parse(order));
    await acme.automations.put(
      'starts',
      acme.automations.parse({
        ...order,
        trigger: { event: 'shop.item.sold', connection: 'main' },
        steps: [{ id: 'a', action: 'shop.lease', connection: 'main', input: {} }],
      }),
    );
    const expected = [
      ['connector', 'shop@2', null, false],
      ['action', 'shop.order', 'order', false],
      ['trigger', 'shop.item.sold', 'starts', false],
    ];
    expect(toldOf(told)).toEqual(expected);
    await acme.events.publish('order.placed', { thing: 'a' });
    await acme.automations.put('order', acme.automations.parse({ ...order, description: 'Orders.' }));
    await acme.connections.put('main', { connector: 'shop', credential, metadata: { a: 1 } });
    await hub.work({ deadline: 60_000 });
    expect([toldOf(told), stage.log]).toEqual([expected, ['order@2']]);
  });

  it('is told of by one of two processes, to those who use it already, and once more when its last day is over', async () => {
    const before = stage.hub(1, 2).tenant('acme');
    await before.connections.put('main', { connector: 'shop', credential });
    await before.automations.put('order', before.automations.parse(order));
    const both = [endingHub({ action: { message, sunset: '2026-01-02' } }), endingHub({ action: { message, sunset: '2026-01-02' } })];
    const all = () => both.flatMap(({ told }) => toldOf(told));
    for (const { hub } of both) await hub.work({ deadline: 60_000 });
    expect(all()).toEqual([['action', 'shop.order', 'order', false]]);
    await stage.clock.advance(3 * 86_400_000);
    for (const { hub } of both) await hub.work({ deadline: 60_000 });
    for (const { hub } of both) await hub.work({ deadline: 60_000 });
    expect(all()).toEqual([
      ['action', 'shop.order', 'order', false],
      ['action', 'shop.order', 'order', true],
    ]);
    const lines = both.flatMap((each) => each.lines);
    expect(lines).toContainEqual(['warn', 'what should have gone away by now is still there']);
    await both[0]?.acme.actions.execute('shop.order', { connection: 'main', input: {} });
    await both[0]?.hub.work({ deadline: 60_000 });
    expect(stage.log).toEqual(['order@2']);
  });

  it('is told of with a migration to it, and again to who comes back to it', async () => {
    const { acme, told } = endingHub({ connector: { message } });
    await acme.connections.put('main', { connector: 'shop', major: 1, credential });
    expect(toldOf(told)).toEqual([]);
    for (const to of [2, 1, 2]) await acme.connections.migrate('main', { to });
    expect(toldOf(told)).toEqual([
      ['connector', 'shop@2', null, false],
      ['connector', 'shop@2', null, false],
    ]);
  });
});

describe('an operator', () => {
  it('sees who still uses it, page by page, until when, and what takes its place', async () => {
    const { hub } = endingHub({ connector: { message }, action: { message, sunset: '2027-06-30', replacedBy: 'shop.lease' } });
    for (const name of ['acme', 'globex', 'initech']) {
      const tenant = hub.tenant(name);
      await tenant.connections.put('main', { connector: 'shop', credential, ...(name === 'globex' ? { major: 1 } : {}) });
      if (name === 'acme') await tenant.automations.put('order', tenant.automations.parse(order));
    }
    await hub.tenant('acme').automations.put('off', hub.tenant('acme').automations.parse(order));
    await hub.tenant('acme').automations.disable('off');
    const operator = hub.operator({ actor: 'ada', reason: 'T-1' });
    const seen: unknown[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof operator.tenants.deprecations>> = await operator.tenants.deprecations({ cursor, limit: 1 });
      expect(page.failures).toEqual([]);
      seen.push(page.items.map(({ tenant, name, automation, replacedBy }) => [tenant, name, automation, replacedBy]));
      cursor = page.cursor;
      if (cursor === null) break;
    }
    expect(seen.flat()).toEqual([
      ['acme', 'shop@2', null, null],
      ['acme', 'shop.order', 'order', 'shop.lease'],
      ['initech', 'shop@2', null, null],
    ]);
    const audited = (await hub.tenant('globex').audit.list()).items.map(({ action }) => action);
    expect(audited).toContain('operator.list_deprecations');
    expect(await operator.tenant('acme').deprecations({ connector: 'other' })).toEqual([]);
  });
});
