import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { majorsStage } from './majors-stage.ts';

let stage: ReturnType<typeof majorsStage>;
beforeEach(() => {
  stage = majorsStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'shop-token-123456' } as const;
type Stage = ReturnType<typeof majorsStage>;
type StageHub = ReturnType<Stage['hub']>;
const connections = (hub: StageHub) => hub.tenant('acme').connections;
const settle = (hub: StageHub) => hub.work({ deadline: 60_000 });

/** A hub with both majors, a connection of each. */
async function both() {
  const before = stage.hub(1);
  const old = await connections(before).put('old', { connector: 'shop', credential });
  const hub = stage.hub(1, 2);
  const fresh = await connections(hub).put('new', { connector: 'shop', credential });
  return { hub, old, fresh, acme: hub.tenant('acme') };
}

describe('a connection', () => {
  it('is pinned to the newest major that is registered when it is made, and keeps it', async () => {
    const { hub, old, fresh } = await both();
    expect([old.major, fresh.major]).toEqual([1, 2]);
    const again = await connections(hub).put('old', { connector: 'shop', credential: { ...credential, token: 'another-token-1234' } });
    expect(again.major).toBe(1);
    await connections(hub).disconnect('old');
    expect(await connections(hub).put('old', { connector: 'shop', credential })).toMatchObject({ id: old.id, major: 1 });
  });

  it('is pinned to the major that is asked for, and is not moved by putting it', async () => {
    const { hub } = await both();
    expect(await connections(hub).put('third', { connector: 'shop', major: 1, credential })).toMatchObject({ major: 1 });
    await expect(connections(hub).put('third', { connector: 'shop', major: 2, credential })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(connections(hub).put('fourth', { connector: 'shop', major: 3, credential })).rejects.toMatchObject({
      code: 'unknown_connector',
    });
  });

  it('of before goes by the lowest major that is registered, and is pinned with its next change', async () => {
    const { hub, fresh } = await both();
    await stage.forgetMajor(fresh.id);
    expect((await connections(hub).get('new')).major).toBeNull();
    await connections(hub).test(fresh.id);
    expect(stage.log).toEqual(['health@1']);
    await connections(hub).put('new', { connector: 'shop', credential });
    expect((await connections(hub).get('new')).major).toBeNull();
    await connections(hub).put('new', { connector: 'shop', credential, metadata: { a: 1 } });
    expect((await connections(hub).get('new')).major).toBe(1);
  });

  it('is refused where its major is not registered, never taken by another', async () => {
    await both();
    const hub = stage.hub(2);
    const sold = hub.tenant('acme').actions.execute('shop.sell', { connection: 'old', input: { item: 'a' } });
    await expect(sold).rejects.toMatchObject({ code: 'unknown_connector', message: 'There is no connector shop@1. Registered: shop@2.' });
    expect(await connections(hub).test('old')).toMatchObject({ healthy: false });
    expect(await connections(hub).get('old')).toMatchObject({ status: 'active' });
    expect(stage.log).toEqual([]);
  });
});

describe('what goes through a connection goes by its major', () => {
  it('a look at its health', async () => {
    const { hub } = await both();
    for (const name of ['old', 'new']) await connections(hub).test(name);
    expect(stage.log).toEqual(['health@1', 'health@2']);
  });

  it('an action, its input and whether it is there', async () => {
    const { hub, acme } = await both();
    await acme.actions.execute('shop.sell', { connection: 'old', input: { thing: 'a' } });
    await acme.actions.execute('shop.sell', { connection: 'new', input: { item: 'a' } });
    await acme.actions.execute('shop.haggle', { connection: 'old', input: {} });
    await settle(hub);
    expect(stage.log.toSorted()).toEqual(['haggle@1', 'sell@1', 'sell@2']);
    const wrong = [
      ['shop.sell', { connection: 'new', input: { thing: 'a' } }, 'invalid_input'],
      ['shop.haggle', { connection: 'new', input: {} }, 'unknown_action'],
      ['shop.lease', { connection: 'old', input: {} }, 'unknown_action'],
    ] as const;
    for (const [name, request, code] of wrong) await expect(acme.actions.execute(name, request)).rejects.toMatchObject({ code });
  });

  it('the steps of an automation, when it is put and when it runs', async () => {
    const { hub, acme } = await both();
    const put = (steps: readonly object[]) =>
      acme.automations.put('sale', acme.automations.parse({ trigger: { event: 'order.placed' }, steps }));
    const step = (action: string, connection: string, input: object) => ({
      id: `${connection}_${action.slice(5)}`,
      action,
      connection,
      input,
    });
    await expect(put([step('shop.haggle', 'new', {})])).rejects.toMatchObject({ code: 'automation_invalid' });
    await expect(put([step('shop.sell', 'new', { thing: 'a' })])).rejects.toMatchObject({ code: 'automation_invalid' });
    await put([step('shop.sell', 'new', { item: 'a' }), step('shop.sell', 'old', { thing: 'a' }), step('shop.haggle', 'old', {})]);
    await acme.events.publish('order.placed', { thing: 'a' });
    await settle(hub);
    expect(stage.log).toEqual(['sell@2', 'sell@1', 'haggle@1']);
  });

  it('a trigger of an automation that names it', async () => {
    const { acme } = await both();
    const put = (event: string, connection: string) =>
      acme.automations.put(
        'sale',
        acme.automations.parse({ trigger: { event, connection }, steps: [{ id: 'a', action: 'shop.lease', connection: 'new' }] }),
      );
    await expect(put('shop.sold', 'new')).rejects.toMatchObject({ code: 'automation_invalid' });
    await expect(put('shop.item.sold', 'old')).rejects.toMatchObject({ code: 'automation_invalid' });
    await put('shop.item.sold', 'new');
    await put('shop.sold', 'old');
  });

  it('a webhook, its signature and its events', async () => {
    const { hub, acme } = await both();
    const types: string[] = [];
    hub.on('event.published', ({ type }) => types.push(type));
    for (const [connection, own, other] of [
      ['old', 1, 2],
      ['new', 2, 1],
    ] as const) {
      const secret = `secret of ${connection}`;
      const { url } = await acme.webhooks.register({ connection, trigger: own === 1 ? 'sold' : 'item.sold', secret });
      const send = (scheme: 1 | 2) => stage.deliver(hub, { url, scheme, secret });
      expect([await send(own), await send(other)]).toEqual([202, 401]);
    }
    await settle(hub);
    expect(types.toSorted()).toEqual(['shop.item.sold', 'shop.sold']);
  });

  it('what later steps read of its output, and conditions of its events', async () => {
    const { acme } = await both();
    const sold = (connection: string) => ({
      id: 'a',
      action: 'shop.sell',
      connection,
      input: connection === 'old' ? { thing: 'a' } : { item: 'a' },
    });
    const reads = (connection: string, member: string) =>
      acme.automations.put(
        'reads',
        acme.automations.parse({
          trigger: { event: 'order.placed' },
          steps: [
            sold(connection),
            { id: 'b', action: 'shop.sell', connection: 'old', input: { thing: `{{ steps.a.output.${member} }}` } },
          ],
        }),
      );
    await reads('old', 'slip');
    await reads('new', 'receipt');
    for (const [connection, member] of [
      ['old', 'receipt'],
      ['new', 'slip'],
    ] as const)
      await expect(reads(connection, member)).rejects.toMatchObject({ code: 'automation_invalid' });
    const weighs = (connection?: string) =>
      acme.automations.put(
        'weighs',
        acme.automations.parse({
          trigger: { event: 'shop.asked', ...(connection === undefined ? {} : { connection }) },
          when: { cel: 'event.data.mark > 3' },
          steps: [sold('old')],
        }),
      );
    await weighs('old');
    // Of which of the two an event comes is not known.
    await weighs();
    await expect(weighs('new')).rejects.toMatchObject({ code: 'automation_invalid' });
    await acme.connections.disconnect('old');
  });

  it('examples of a dry run, and what a person says that an action gave', async () => {
    const { hub, acme } = await both();
    const steps = [
      { id: 'a', action: 'shop.sell', connection: 'old', input: { thing: 'a' } },
      { id: 'b', action: 'shop.haggle', connection: 'old', input: {} },
    ];
    await acme.automations.put('sale', acme.automations.parse({ trigger: { event: 'order.placed' }, steps }));
    const tried = await acme.automations.dryRun('sale', { sample: { data: { thing: 'a' } } });
    expect(tried.events[0]?.run?.steps.map(({ output }) => output)).toEqual([{ by: 1, slip: 'example' }, { by: 1 }]);
    const { dispatchId } = await acme.actions.execute('shop.order', { connection: 'old', input: {} });
    await stage.loseWorker(1);
    await settle(hub);
    expect([stage.log, (await acme.dispatches.get(dispatchId)).status]).toEqual([['look@1'], 'held']);
    const says = (output: Readonly<Record<string, string | number>>) => acme.dispatches.resolve(dispatchId, { as: 'succeeded', output });
    await expect(says({ by: 1, receipt: 'r' })).rejects.toMatchObject({ code: 'invalid_argument' });
    await says({ by: 1, slip: 's' });
  });

  it('a look of a polling trigger', async () => {
    const { hub, acme, old } = await both();
    await acme.automations.put(
      'look',
      acme.automations.parse({
        trigger: { event: 'shop.asked', connection: old.id },
        steps: [{ id: 'a', action: 'shop.haggle', connection: 'old' }],
      }),
    );
    await settle(hub);
    expect(new Set(stage.log)).toEqual(new Set(['poll@1']));
  });

  it('an enricher', async () => {
    const { hub, acme } = await both();
    await acme.enrichments.put('left', { enricher: 'shop.stock', connection: 'old', events: ['order.placed'], live: true });
    await acme.events.publish('order.placed', { thing: 'a' });
    await settle(hub);
    expect(stage.log).toEqual(['stock@1']);
  });
});
