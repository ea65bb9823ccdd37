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
const found = (text = '', tenant = 'acme') => stage.index.search(tenant, text).map(({ id }) => id);
const status = () => main.acme.content.status(reference);

beforeEach(async () => {
  stage = await wikiStage();
  hubs = [];
  main = open();
  await main.connect();
});
afterEach(async () => {
  await Promise.all(hubs.map(({ hub }) => hub.stop()));
  await stage.storage.close();
  await stage.wiki.close();
});

describe('content of a service', () => {
  it('is read into the index from the beginning, all pages at once, and then as it changes', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) stage.wiki.write(id, `text of ${id}`);
    await main.acme.content.put(reference);
    await work();
    expect([found(), stage.wiki.asked]).toEqual([
      ['a', 'b', 'c', 'd', 'e'],
      ['0', '2', '4'],
    ]);
    expect(await status()).toMatchObject({ state: 'current', documents: 5, failures: 0, lastError: null, cursorAgeMs: expect.any(Number) });
    stage.wiki.write('b', 'quite another text');
    await work(2 * minute);
    expect(found('quite another')).toEqual(['b']);
    expect(stage.wiki.asked.slice(3)).toEqual(['5', '6']);
  });

  it('goes where the service says that it is gone', async () => {
    stage.wiki.write('a', 'one');
    stage.wiki.write('b', 'two');
    await main.acme.content.put(reference);
    await work();
    stage.wiki.burn('a', { isListed: true });
    await work(2 * minute);
    expect(found()).toEqual(['b']);
  });

  it('is read on from its cursor after a restart', async () => {
    stage.wiki.write('a', 'one');
    await main.acme.content.put(reference);
    await work();
    await main.hub.stop();
    main = open();
    stage.wiki.write('b', 'two');
    await work(2 * minute);
    expect([found(), stage.wiki.asked.slice(0, 2)]).toEqual([
      ['a', 'b'],
      ['0', '1'],
    ]);
  });

  it('is each tenant’s own', async () => {
    const globex = main.hub.tenant('globex');
    await main.connect(null, globex);
    stage.wiki.write('a', 'one');
    await main.acme.content.put(reference);
    await globex.content.put(reference);
    await work();
    expect([found('', 'acme'), found('', 'globex')]).toEqual([['a'], ['a']]);
    await globex.content.delete(reference);
    await work();
    expect([found('', 'acme'), found('', 'globex')]).toEqual([['a'], []]);
    await expect(globex.content.status(reference)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is taken out again where it is not listed any more, by a reading from the beginning', async () => {
    await main.hub.stop();
    main = open({ rereadMs: 3_600_000 });
    for (const id of ['a', 'b', 'c']) stage.wiki.write(id, 'text');
    await main.acme.content.put(reference);
    await work();
    stage.wiki.burn('b');
    await work(30 * minute);
    expect(found()).toEqual(['a', 'b', 'c']);
    await work(40 * minute);
    expect(found()).toEqual(['a', 'c']);
  });

  it('is read from the beginning when it is asked for, and the index serves on meanwhile', async () => {
    for (const id of ['a', 'b']) stage.wiki.write(id, 'text');
    await main.acme.content.put(reference);
    await work();
    stage.wiki.burn('b');
    await main.acme.content.resync(reference);
    expect([found(), (await status()).state]).toEqual([['a', 'b'], 'reading']);
    await work();
    expect([found(), (await status()).state]).toEqual([['a'], 'current']);
  });

  it('does not keep the reads of other connections back, however much there is of it', async () => {
    for (let page = 0; page < 60; page += 1) stage.wiki.write(`page-${page}`, 'text');
    const globex = main.hub.tenant('globex');
    await main.connect(null, globex);
    await main.acme.content.put(reference);
    await globex.content.put(reference);
    await work();
    expect([found().length, found('', 'globex').length]).toEqual([60, 60]);
    // Thirty pages each, ten at a turn: the second had its first turn before the first had its last.
    const zeros = stage.wiki.asked.flatMap((asked, at) => (asked === '0' ? [at] : []));
    expect(zeros[1]).toBeLessThan(30);
  });
});

describe('a failure', () => {
  it('of the service moves no cursor, is told, and puts the next read off for longer and longer', async () => {
    stage.wiki.write('a', 'one');
    stage.wiki.failNext(3, { kind: 'answer', status: 503, match: /./ });
    await main.acme.content.put(reference);
    await work();
    expect([found(), main.failures.length, (await status()).lastError?.code]).toEqual([[], 1, 'provider_unavailable']);
    expect(await status()).toMatchObject({ state: 'waiting', lastReadAt: null });
    await work(10 * minute);
    expect(main.failures.map(({ failures }) => failures)).toEqual([1, 2, 3]);
    const [first = 0, second = 0, third = 0] = main.failures.map(({ at }) => at);
    expect(third - second).toBeGreaterThan(second - first);
    expect([found(), (await status()).failures]).toEqual([['a'], 0]);
  });

  it('of the index moves no cursor either: what it has not taken comes again', async () => {
    stage.wiki.write('a', 'one');
    await main.hub.stop();
    let refused = 0;
    const searchIndex: typeof stage.index = {
      ...stage.index,
      async put(call) {
        refused += 1;
        if (refused < 3) throw new Error('the index with the password hunter2 is away');
        return stage.index.put(call);
      },
    };
    main = open({ searchIndex });
    await main.acme.content.put(reference);
    await work(5 * minute);
    expect([found(), main.failures.length, stage.wiki.asked.slice(0, 3)]).toEqual([['a'], 2, ['0', '0', '0']]);
    expect(JSON.stringify(main.failures)).not.toContain('hunter2');
  });

  it('between the index and the cursor gives the same index when the page comes again', async () => {
    for (const id of ['a', 'b', 'c']) stage.wiki.write(id, 'text');
    const write = stage.storage.states.write;
    await main.hub.stop();
    let lost = 0;
    const storage: typeof stage.storage = {
      ...stage.storage,
      states: {
        ...stage.storage.states,
        async write(items) {
          const isSettled = items.some(({ name, value }) => name.startsWith('content:') && JSON.stringify(value).includes('"cursor":2'));
          if (isSettled && lost < 2) {
            lost += 1;
            throw new Error('the process was killed here');
          }
          return write(items);
        },
      },
    };
    main = open({ storage });
    await main.acme.content.put(reference);
    await work(5 * minute);
    expect([lost, found()]).toEqual([2, ['a', 'b', 'c']]);
    expect(stage.wiki.asked.filter((asked) => asked === '0').length).toBeGreaterThan(1);
  });
});

describe('two processes', () => {
  it('do not both read, and one goes on where the other was', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) stage.wiki.write(id, 'text');
    const other = open();
    await main.acme.content.put(reference);
    await other.acme.content.put(reference);
    await Promise.all([main, other].map(({ hub }) => hub.work({ deadline: 20_000 })));
    await work();
    expect([found(), stage.wiki.asked]).toEqual([
      ['a', 'b', 'c', 'd', 'e'],
      ['0', '2', '4'],
    ]);
    await main.hub.stop();
    main = other;
    stage.wiki.write('f', 'text');
    await work(2 * minute);
    expect(found()).toHaveLength(6);
  });

  it('do not read at once, also where a read is asked for while one is under way', async () => {
    for (const id of ['a', 'b']) stage.wiki.write(id, 'text');
    const other = open();
    await main.acme.content.put(reference);
    let atOnce = 0;
    stage.wiki.between = async () => {
      stage.wiki.between = null;
      await other.acme.content.resync(reference);
      await other.hub.work({ deadline: 20_000 });
      atOnce = stage.wiki.asked.length;
    };
    await main.hub.work({ deadline: 20_000 });
    expect(atOnce).toBe(1);
    await work(5_000);
    expect([found(), (await status()).state]).toEqual([['a', 'b'], 'current']);
  });

  it('of which one was held up put nothing older over what the other has put', async () => {
    const place = { tenant: 'acme', connectionId: 'c', connector: 'wiki', source: 'pages', signal: new AbortController().signal };
    const document = (text: string) => ({ id: 'a', kind: 'page', title: 'A', text, url: null, updatedAt: 1, container: null });
    await stage.index.put({ ...place, sequence: 2, documents: [document('newer')] });
    await stage.index.put({ ...place, sequence: 1, documents: [document('older')] });
    expect(found('newer')).toEqual(['a']);
  });
});
