import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { majorsStage } from './majors-stage.ts';

let stage: ReturnType<typeof majorsStage>;
beforeEach(() => {
  stage = majorsStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'shop-token-123456' } as const;
const settings = { region: 'north' };

async function stageHub() {
  const hub = stage.hub(1, 2);
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'shop', major: 1, credential, settings });
  const settle = () => hub.work({ deadline: 60_000 });
  return { hub, acme, settle };
}

describe('work that was planned before a migration', () => {
  it('is executed by the action of its own major, with what the connection was in it', async () => {
    const { acme, settle } = await stageHub();
    await acme.actions.execute('shop.sell', { connection: 'main', input: { thing: 'a' } });
    await acme.connections.migrate('main', { to: 2 });
    await acme.actions.execute('shop.sell', { connection: 'main', input: { item: 'a' } });
    await settle();
    expect(stage.log.toSorted()).toEqual(['sell@1 in north', 'sell@2 in zone-north']);
  });

  it('is so too in a run that waits across it, and a run that begins afterwards goes by the other', async () => {
    const { acme, settle } = await stageHub();
    const steps = [
      { id: 'wait', action: 'flow.delay', for: '1h' },
      { id: 'a', action: 'shop.order', connection: 'main', input: {} },
    ];
    await acme.automations.put('late', acme.automations.parse({ trigger: { event: 'order.placed' }, steps }));
    await acme.events.publish('order.placed', { thing: 'a' });
    await settle();
    await acme.connections.migrate('main', { to: 2 });
    await acme.events.publish('order.placed', { thing: 'b' });
    await settle();
    await stage.clock.advance(3_700_000);
    await settle();
    expect(stage.log.toSorted()).toEqual(['order@1 in north', 'order@2 in zone-north']);
  });

  it('is looked for by the reconcile of its own major after an unknown outcome', async () => {
    const { acme, settle } = await stageHub();
    await acme.actions.execute('shop.order', { connection: 'main', input: {} });
    await stage.loseWorker(1);
    await acme.connections.migrate('main', { to: 2 });
    await settle();
    expect(stage.log).toEqual(['look@1']);
  });

  it('is tried again by its own major', async () => {
    const { acme, settle } = await stageHub();
    const { dispatchId } = await acme.actions.execute('shop.order', { connection: 'main', input: {} });
    await stage.loseWorker(1);
    await acme.connections.migrate('main', { to: 2 });
    await settle();
    await acme.dispatches.retry(dispatchId);
    await settle();
    expect(stage.log).toEqual(['look@1', 'order@1 in north']);
  });

  it('is held once the connection is another one, and goes on when it has been moved back', async () => {
    const { acme, settle } = await stageHub();
    const { dispatchId } = await acme.actions.execute('shop.order', { connection: 'main', input: {} });
    await acme.connections.migrate('main', { to: 2 });
    await acme.connections.update('main', { metadata: { a: 1 } });
    await acme.connections.put('main', { connector: 'shop', credential, settings: { zone: 'other' } });
    await settle();
    expect(await acme.dispatches.get(dispatchId)).toMatchObject({ status: 'held', error: { code: 'connection_moved' } });
    expect(stage.log).toEqual([]);
    await acme.dispatches.retry(dispatchId);
    await settle();
    expect(stage.log).toEqual([]);
    await acme.connections.put('main', { connector: 'shop', credential, settings: {} });
    await acme.connections.migrate('main', { to: 1 });
    await acme.dispatches.retry(dispatchId);
    await settle();
    expect([(await acme.dispatches.get(dispatchId)).status, stage.log]).toEqual(['succeeded', ['order@1']]);
  });

  it('and whose outcome nobody knows is held too, and never looked for by another major', async () => {
    const { acme, settle } = await stageHub();
    const { dispatchId } = await acme.actions.execute('shop.order', { connection: 'main', input: {} });
    await stage.loseWorker(1);
    await acme.connections.migrate('main', { to: 2 });
    await acme.connections.update('main', { settings: { zone: 'other' } });
    await settle();
    expect(await acme.dispatches.get(dispatchId)).toMatchObject({ status: 'held' });
    expect(stage.log).toEqual([]);
  });

  it('waits where its major is not registered any more, and is executed once it is again', async () => {
    const { acme } = await stageHub();
    const { dispatchId } = await acme.actions.execute('shop.sell', { connection: 'main', input: { thing: 'a' } });
    await acme.connections.migrate('main', { to: 2 });
    const alone = stage.hub(2);
    await alone.work({ deadline: 60_000 });
    expect((await acme.dispatches.get(dispatchId)).status).toBe('pending');
    await stage.hub(1, 2).work({ deadline: 60_000 });
    expect(stage.log).toEqual(['sell@1 in north']);
  });

  it('does not touch what the connection has been kept from since', async () => {
    const { acme, settle } = await stageHub();
    const { dispatchId } = await acme.actions.execute('shop.sell', { connection: 'main', input: { thing: 'a' } });
    await acme.connections.migrate('main', { to: 2 });
    await acme.connections.update('main', { confinedTo: { shelf: ['a'] } });
    await settle();
    expect([(await acme.dispatches.get(dispatchId)).status, stage.log]).toEqual(['held', []]);
  });
});

it('a process that has not heard of a migration yet does not hold what was planned after it', async () => {
  const { hub, acme } = await stageHub();
  await hub.work({ deadline: 60_000 });
  const other = stage.hub(1, 2).tenant('acme');
  await other.connections.migrate('main', { to: 2 });
  const { dispatchId } = await other.actions.execute('shop.sell', { connection: 'main', input: { item: 'a' } });
  await hub.work({ deadline: 60_000 });
  expect([(await acme.dispatches.get(dispatchId)).status, stage.log]).toEqual(['succeeded', ['sell@2 in zone-north']]);
});
