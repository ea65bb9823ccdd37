import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { majorsStage } from './majors-stage.ts';

let stage: ReturnType<typeof majorsStage>;
beforeEach(() => {
  stage = majorsStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'shop-token-123456' } as const;

async function both() {
  await stage.hub(1).tenant('acme').connections.put('old', { connector: 'shop', credential });
  const hub = stage.hub(1, 2);
  const acme = hub.tenant('acme');
  await acme.connections.put('new', { connector: 'shop', credential });
  return { hub, acme };
}

describe('content goes by the major of its connection', () => {
  it('which sources there are, and who reads them', async () => {
    const { hub, acme } = await both();
    for (const [connection, source] of [
      ['old', 'leases'],
      ['new', 'rumours'],
    ] as const)
      await expect(acme.content.put({ connection, source })).rejects.toMatchObject({ code: 'invalid_argument' });
    await acme.content.put({ connection: 'old', source: 'rumours' });
    await acme.content.put({ connection: 'old', source: 'wares' });
    await acme.content.put({ connection: 'new', source: 'wares' });
    await hub.work({ deadline: 60_000 });
    expect([...new Set(stage.log)].toSorted()).toEqual(['rumours@1', 'wares@1', 'wares@2']);
  });

  it('and what its events take out', async () => {
    const { hub, acme } = await both();
    for (const connection of ['old', 'new']) await acme.content.put({ connection, source: 'wares' });
    await hub.work({ deadline: 60_000 });
    for (const [connection, trigger, scheme] of [
      ['old', 'sold', 1],
      ['new', 'item.sold', 2],
    ] as const) {
      const { url } = await acme.webhooks.register({ connection, trigger, secret: `secret of ${connection}` });
      expect(await stage.deliver(hub, { url, scheme, secret: `secret of ${connection}` })).toBe(202);
    }
    await hub.work({ deadline: 60_000 });
    const { id } = await acme.connections.get('new');
    expect(stage.searchIndex.search('acme', 'wares').map(({ connectionId }) => connectionId)).toEqual([id]);
  });

  it('what is offered is of every major', async () => {
    const { acme } = await both();
    expect(
      acme.content
        .available()
        .map(({ source }) => source)
        .toSorted(),
    ).toEqual(['leases', 'rumours', 'wares']);
  });
});
