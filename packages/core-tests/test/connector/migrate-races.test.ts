import type { Change } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { majorsStage } from './majors-stage.ts';

let stage: ReturnType<typeof majorsStage>;
beforeEach(() => {
  stage = majorsStage();
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'shop-token-123456' } as const;
const sale = (input: object) => ({
  trigger: { event: 'order.placed' },
  steps: [{ id: 'a', action: 'shop.sell', connection: 'main', input }],
});

/** Has something happen around the first write that moves a connection. */
function aroundTheMove(act: { readonly before?: () => Promise<unknown>; readonly after?: () => Promise<unknown> }): void {
  const { configuration } = stage.storage;
  const write = configuration.write.bind(configuration);
  let isFirst = true;
  const moves = (change: Change) => 'put' in change && change.put === 'connection' && change.value.movedFrom !== undefined;
  Object.assign(configuration, {
    async write(...given: Parameters<typeof write>) {
      const isMove = isFirst && given[1].some(moves);
      if (!isMove) return write(...given);
      isFirst = false;
      await act.before?.();
      const verdict = await write(...given);
      await act.after?.();
      return verdict;
    },
  });
}

async function processes() {
  const [one, other] = [stage.hub(1, 2), stage.hub(1, 2)];
  const acme = one.tenant('acme');
  await acme.connections.put('main', { connector: 'shop', major: 1, credential, settings: { region: 'north' } });
  return { one, other, acme, there: other.tenant('acme') };
}

describe('a migration among others', () => {
  it('is made once by two processes that begin it at once', async () => {
    const { acme, there } = await processes();
    const reports = await Promise.all([acme, there, acme].map((tenant) => tenant.connections.migrate('main', { to: 2 })));
    expect(reports.map(({ migrated }) => migrated).toSorted()).toEqual([false, false, true]);
    expect((await acme.audit.list()).items.filter(({ action }) => action === 'connection.migrate')).toHaveLength(1);
    expect(await there.connections.get('main')).toMatchObject({ major: 2, settings: { zone: 'zone-north' } });
  });

  it('goes up and down at once, and ends in one of both', async () => {
    const { acme, there } = await processes();
    await acme.connections.migrate('main', { to: 2 });
    await Promise.all([acme.connections.migrate('main', { to: 1 }), there.connections.migrate('main', { to: 2 })]);
    const { major, settings } = await acme.connections.get('main');
    expect(settings).toEqual(major === 1 ? { region: 'north' } : { zone: 'zone-north' });
  });

  it('looks again when an automation is put that it would have broken', async () => {
    const { acme, there } = await processes();
    aroundTheMove({ before: () => there.automations.put('sale', there.automations.parse(sale({ thing: 'a' }))) });
    await expect(acme.connections.migrate('main', { to: 2 })).rejects.toMatchObject({ code: 'migration_refused' });
    expect((await acme.connections.get('main')).major).toBe(1);
  });

  it('whose process is lost after the commit is made, and is not made again', async () => {
    const { acme, there } = await processes();
    aroundTheMove({
      after: async () => {
        throw new Error('the process is gone');
      },
    });
    await expect(acme.connections.migrate('main', { to: 2 })).rejects.toThrow('the process is gone');
    expect(await there.connections.migrate('main', { to: 2 })).toMatchObject({ migrated: false, from: 2 });
    expect((await there.audit.list()).items.filter(({ action }) => action === 'connection.migrate')).toHaveLength(1);
  });

  it('takes each delivery by one major, whichever it meets', async () => {
    const { one, other, acme } = await processes();
    const secret = 'secret of main';
    const { url } = await acme.webhooks.register({ connection: 'main', trigger: 'sold', secret });
    const types: string[] = [];
    for (const hub of [one, other]) hub.on('event.published', ({ type }) => types.push(type));
    const answers: number[] = [];
    const deliver = async (id: string) => {
      for (const hub of [one, other])
        for (const scheme of [1, 2] as const) answers.push(await stage.deliver(hub, { url, scheme, secret, id: `${id}${scheme}` }));
    };
    aroundTheMove({ before: () => deliver('before'), after: () => deliver('after') });
    await acme.connections.migrate('main', { to: 2 });
    expect(answers).toEqual([202, 401, 202, 401, 401, 202, 401, 202]);
    expect(types).toEqual(['shop.sold', 'shop.item.sold']);
  });

  it('loses nothing of an event whose steps are planned as it is made', async () => {
    const { one, acme, there } = await processes();
    await acme.automations.put('sale', acme.automations.parse(sale({ thing: 'a' })));
    aroundTheMove({ before: () => there.events.publish('order.placed', { thing: 'a' }) });
    await acme.connections.migrate('main', { to: 2, automations: { sale: sale({ item: 'a' }) } });
    await there.events.publish('order.placed', { thing: 'b' });
    await one.work({ deadline: 60_000 });
    expect(stage.log.toSorted()).toEqual(['sell@1 in north', 'sell@2 in zone-north']);
  });
});
