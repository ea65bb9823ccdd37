import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WikiHub, type WikiStage, wikiHub, wikiStage, workFor } from './wiki.ts';

const minute = 60_000;
const reference = { connection: 'wiki/main', source: 'pages' };

let stage: WikiStage;
let main: WikiHub;
let hubs: WikiHub[];

const open = (...changes: Parameters<typeof wikiHub> extends [unknown, ...infer Rest] ? Rest : never): WikiHub => {
  const made = wikiHub(stage, ...changes);
  hubs.push(made);
  return made;
};
const work = (withinMs = 1_000, hub = main): Promise<void> => workFor(hub, stage.clock, withinMs);
const found = (text = '') => stage.index.search('acme', text).map(({ id }) => id);
const state = async () => stage.storage.states.list('acme', 'content:', { cursor: null, limit: 10 });

beforeEach(async () => {
  stage = await wikiStage();
  hubs = [];
  main = open();
  await main.connect();
  for (const id of ['a', 'b', 'c']) stage.wiki.write(id, `text of ${id}`, id === 'c' ? 'attic' : 'home');
});
afterEach(async () => {
  await Promise.all(hubs.map(({ hub }) => hub.stop()));
  await stage.storage.close();
  await stage.wiki.close();
});

describe('a document that an event says is gone', () => {
  it('leaves the index with the event, long before the next read', async () => {
    await main.acme.content.put(reference);
    await work();
    stage.wiki.burn('a');
    await main.tellBurnt('a', 'd1');
    await work(0);
    expect(found()).toEqual(['b', 'c']);
  });

  it('is not brought back by a read that began before', async () => {
    await main.acme.content.put(reference);
    stage.wiki.between = async () => {
      stage.wiki.between = null;
      // The answer with the page is on its way.
      await main.tellBurnt('a', 'd1');
      const other = open();
      await other.hub.work({ deadline: 20_000 });
    };
    await work();
    expect(found()).toEqual(['b', 'c']);
  });

  it('is not brought back by one that was just putting it', async () => {
    await main.hub.stop();
    let isTold = false;
    const searchIndex: typeof stage.index = {
      ...stage.index,
      async put(call) {
        if (!isTold) {
          isTold = true;
          await main.tellBurnt('a', 'd1');
          await other.hub.work({ deadline: 20_000 });
        }
        return stage.index.put(call);
      },
    };
    const other = open();
    main = open({ searchIndex });
    await main.acme.content.put(reference);
    await main.hub.work({ deadline: 20_000 });
    expect([isTold, found()]).toEqual([true, ['b', 'c']]);
  });

  it('is not brought back by a service whose lists do not know it yet', async () => {
    await main.acme.content.put(reference);
    await work();
    await main.tellBurnt('a', 'd1');
    await main.acme.content.resync(reference);
    await work();
    expect(found()).toEqual(['b', 'c']);
  });

  it('comes back where it was written anew after that, or long after by whatever is read', async () => {
    await main.acme.content.put(reference);
    await work();
    await main.tellBurnt('a', 'd1');
    await main.tellBurnt('b', 'd2');
    await work();
    stage.wiki.write('b', 'still the old one');
    stage.wiki.skipTo(stage.clock.now() + minute);
    stage.wiki.write('a', 'restored');
    await work(2 * minute);
    expect(found()).toEqual(['a', 'c']);
    await work(10 * minute);
    await main.acme.content.resync(reference);
    await work();
    expect(found()).toEqual(['a', 'b', 'c']);
  });

  it('that comes before anything was read is kept out as well', async () => {
    await main.acme.content.put(reference);
    await main.tellBurnt('a', 'd1');
    await work();
    expect(found()).toEqual(['b', 'c']);
  });

  it('is nothing to anybody who has not switched the content on', async () => {
    await main.tellBurnt('a', 'd1');
    await work();
    expect((await state()).entries).toEqual([]);
  });
});

describe('the end', () => {
  it('of a connection takes its documents out, and they come back when it is put again', async () => {
    await main.acme.content.put(reference);
    await work();
    await main.acme.connections.disconnect('wiki/main');
    await work();
    expect([found(), (await state()).entries]).toEqual([[], []]);
    await work(10 * minute);
    await main.connect();
    await work(2 * minute);
    expect(found()).toEqual(['a', 'b', 'c']);
  });

  it('is waited for by an index that is away', async () => {
    await main.hub.stop();
    let refused = 0;
    const searchIndex: typeof stage.index = {
      ...stage.index,
      async deleteAll(call) {
        refused += 1;
        if (refused < 4) throw new Error('away');
        return stage.index.deleteAll(call);
      },
    };
    main = open({ searchIndex });
    await main.acme.content.put(reference);
    await work();
    await main.acme.content.delete(reference);
    await work();
    expect(found()).toHaveLength(3);
    await work(5 * minute);
    expect([refused, found(), await main.acme.content.list()]).toEqual([4, [], []]);
  });

  it('is not undone by a read that was under way', async () => {
    await main.acme.content.put(reference);
    stage.wiki.between = async () => {
      stage.wiki.between = null;
      await main.acme.content.delete(reference);
      await open().hub.work({ deadline: 20_000 });
    };
    await work(3 * minute);
    expect([found(), (await state()).entries]).toEqual([[], []]);
  });

  it('that a process did not come to send is sent by the upkeep', async () => {
    await main.acme.content.put(reference);
    await work();
    const quiet = open({ hasIndex: false });
    await quiet.acme.connections.disconnect('wiki/main');
    await work(11 * minute);
    await work();
    expect([found(), (await state()).entries]).toEqual([[], []]);
  });

  it('and a beginning anew read it again from the beginning', async () => {
    await main.acme.content.put(reference);
    await work();
    await main.acme.content.delete(reference);
    const again = await main.acme.content.put(reference);
    await work(5_000);
    expect([found(), again.id]).toEqual([['a', 'b', 'c'], (await main.acme.content.list())[0]?.id]);
  });
});

describe('a confined connection', () => {
  it('brings in only what it may touch', async () => {
    await main.connect({ space: ['Home'] });
    await main.acme.content.put(reference);
    await work();
    expect([found(), stage.wiki.asked[0]]).toEqual([['a', 'b'], '0 home']);
    await expect(main.acme.content.put({ ...reference, containers: ['attic'] })).rejects.toMatchObject({ code: 'resource_refused' });
  });

  it('that is confined later loses what it may not touch any more, without waiting for the next read', async () => {
    await main.hub.stop();
    main = open();
    await main.acme.content.put(reference);
    await work();
    await main.connect({ space: ['attic'] });
    await main.acme.content.put(reference);
    await work();
    expect(found()).toEqual(['c']);
    await main.connect({ space: [] });
    await work(11 * minute);
    expect([found(), (await main.acme.content.status(reference)).lastError?.code]).toEqual([[], 'resource_refused']);
    await main.connect(null);
    await work(2 * 60 * minute);
    expect(found()).toEqual(['a', 'b', 'c']);
  });

  it('keeps to the containers that the host names', async () => {
    await main.acme.content.put({ ...reference, containers: ['HOME'] });
    await work();
    expect([found(), await main.acme.content.list()]).toEqual([
      ['a', 'b'],
      [expect.objectContaining({ containers: ['home'], source: 'pages' })],
    ]);
    await main.acme.content.put({ ...reference, containers: ['home', 'attic'] });
    await work();
    expect(found()).toEqual(['a', 'b', 'c']);
  });
});

describe('switching content on', () => {
  it('is refused for what is not there, and where the scope or the plan lacks it', async () => {
    const { content } = main.acme;
    await expect(content.put({ ...reference, source: 'toString' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('It has: pages'),
    });
    await expect(content.put({ ...reference, connection: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(content.put({ ...reference, containers: ['not a space'] })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(open({ hasIndex: false }).acme.content.put(reference)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(open({ needsContainers: true }).acme.content.put(reference)).rejects.toMatchObject({ code: 'invalid_argument' });
    await main.acme.connections.update('wiki/main', { grantedScopes: ['other'] });
    await expect(content.put(reference)).rejects.toMatchObject({ code: 'scope_missing' });
    expect(content.available()).toEqual([{ connector: 'wiki', source: 'pages', title: 'Pages', description: 'Pages with their text.' }]);
    expect([await content.list(), stage.wiki.asked]).toEqual([[], []]);
  });

  it('stops when the plan lapses, and goes on when it is back', async () => {
    await main.hub.stop();
    let plan = 'full';
    const limits = { connections: 'unlimited', requestsPerMinute: 'unlimited' } as const;
    const plans = [
      { name: 'core', limits, features: [] },
      { name: 'full', limits, features: ['content'] },
    ];
    main = open({ plans: { plans, planOf: () => plan } });
    await main.acme.content.put(reference);
    await work();
    plan = 'core';
    stage.wiki.write('d', 'text');
    await work(10 * minute);
    expect([found().length, stage.wiki.asked.length]).toEqual([3, 2]);
    await expect(main.acme.content.put({ ...reference, containers: ['home'] })).rejects.toMatchObject({ code: 'plan_limit' });
    plan = 'full';
    await work(2 * minute);
    expect(found()).toHaveLength(4);
  });

  it('waits while the connection is paused', async () => {
    await main.acme.content.put(reference);
    await work();
    await main.acme.connections.pause('wiki/main');
    const asked = stage.wiki.asked.length;
    await work(10 * minute);
    expect(stage.wiki.asked).toHaveLength(asked);
    await main.acme.connections.resume('wiki/main');
    await work(2 * minute);
    expect(stage.wiki.asked.length).toBeGreaterThan(asked);
  });

  it('is audited, and so is switching it off; the same again is no change', async () => {
    await main.acme.content.put({ ...reference, containers: ['home'] });
    await main.acme.content.put({ ...reference, containers: ['home'] });
    await main.acme.content.delete(reference);
    const { items } = await main.acme.audit.list({ limit: 3 });
    const details = items.filter(({ action }) => action === 'connection.change').map((entry) => entry.details);
    expect(details).toEqual([
      expect.not.objectContaining({ content: expect.anything() }),
      expect.objectContaining({ content: { pages: 1 } }),
    ]);
  });

  it('outlives a new credential', async () => {
    await main.acme.content.put(reference);
    await main.acme.connections.put('main', {
      connector: 'wiki',
      credential: { type: 'bearer', token: 'token-of-the-wiki' },
      metadata: { note: 'x' },
    });
    expect(await main.acme.content.list()).toHaveLength(1);
  });
});
