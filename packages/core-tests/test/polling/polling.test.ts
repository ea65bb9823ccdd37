import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PostHub, postHub, postStage, workFor } from './post-office.ts';

const minute = 60_000;

let stage: Awaited<ReturnType<typeof postStage>>;
let post: PostHub;
let hubs: PostHub[];

const open = (...changes: Parameters<typeof postHub> extends [unknown, ...infer Rest] ? Rest : never): PostHub => {
  const made = postHub(stage, ...changes);
  hubs.push(made);
  return made;
};
const work = (withinMs: number, hub = post): Promise<void> => workFor(hub, stage.clock, withinMs);

async function ready({ hub, acme }: PostHub): Promise<void> {
  hub.subscribe('post.letter.came', { name: 'reader' }, () => {});
  await hub.ready();
  await acme.connections.put('main', { connector: 'post', credential: { type: 'bearer', token: 't' } });
}

/** Texts of the letters that became events, in order. */
async function came(): Promise<readonly unknown[]> {
  const { items } = await post.acme.events.list({ type: 'post.letter.came', limit: 100 });
  const texts = items.map(({ event: { data } }) => (typeof data === 'object' && data !== null && 'text' in data ? data['text'] : data));
  return texts.reverse();
}

const stored = async () => {
  const { id } = await post.acme.connections.get('post/main');
  return stage.storage.states.read('acme', `poll:${id}:letter.came`);
};

beforeEach(async () => {
  stage = await postStage();
  hubs = [];
  post = open();
  await ready(post);
});
afterEach(async () => {
  await Promise.all(hubs.map(({ hub }) => hub.stop()));
  await stage.storage.close();
  await stage.office.close();
});

describe('a polling trigger', () => {
  it('makes an event of each thing that is new, in order, through its connection', async () => {
    await work(minute);
    stage.office.post('one', 'two');
    await work(2 * minute);
    expect(await came()).toEqual(['one', 'two']);
    const [event] = (await post.acme.events.list({ type: 'post.letter.came' })).items;
    expect(event?.event).toMatchObject({ subject: 'letter-2', connection: (await post.acme.connections.get('post/main')).id });
  });

  it('only remembers on its first look where things end, however many pages there are', async () => {
    stage.office.post('old', 'older', 'oldest', 'ancient', 'antique');
    await work(minute);
    expect([await came(), (await stored())?.value]).toEqual([[], { cursor: 5, hasBegun: true, failures: 0 }]);
    stage.office.post('new');
    await work(2 * minute);
    expect(await came()).toEqual(['new']);
  });

  it('makes events of everything where it says so', async () => {
    await post.hub.stop();
    post = open({ begins: 'everything' });
    await ready(post);
    stage.office.post('one', 'two', 'three', 'four', 'five');
    await work(minute);
    expect(await came()).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  it('takes many pages at once, one after another', async () => {
    await work(minute);
    stage.office.post('1', '2', '3', '4', '5', '6', '7');
    stage.office.asked.length = 0;
    await work(minute + 1_000);
    expect(await came()).toHaveLength(7);
    expect(stage.office.asked.slice(0, 3)).toEqual([0, 3, 6]);
  });

  it('looks at its interval, a little earlier or later by chance', async () => {
    await work(10 * minute);
    const usual = stage.office.asked.length;
    expect(usual).toBeGreaterThanOrEqual(10);
    expect(usual).toBeLessThanOrEqual(12);
    await post.hub.stop();
    post = open({ random: () => 1 });
    await ready(post);
    stage.office.asked.length = 0;
    await work(11 * minute);
    expect(stage.office.asked.length).toBeLessThanOrEqual(11);
  });

  it('makes one event of what is found twice', async () => {
    await work(minute);
    stage.office.post('one');
    stage.office.letters.push({ id: 'letter-1', number: 2, text: 'one again' });
    await work(3 * minute);
    expect(await came()).toEqual(['one']);
    expect((await stored())?.value).toMatchObject({ cursor: 2 });
  });
});

describe('the cursor', () => {
  it('is stored with the last of the events, or neither is', async () => {
    await work(minute);
    stage.office.post('one', 'two');
    let refused = 0;
    const ingest: typeof stage.storage.ingest = async (items) => {
      const isLast = items.some(({ state }) => state !== undefined);
      if (isLast && refused < 3) {
        refused += 1;
        throw new Error('the store is away');
      }
      return stage.storage.ingest(items);
    };
    await post.hub.stop();
    post = open({ storage: { ...stage.storage, ingest } });
    await ready(post);
    await work(minute + 1_000);
    expect(refused).toBeGreaterThan(0);
    expect((await stored())?.value).toMatchObject({ cursor: 0 });
    await work(60 * minute);
    expect(await came()).toEqual(['one', 'two']);
    expect((await stored())?.value).toMatchObject({ cursor: 2 });
  });

  it('is not moved back by a process that has stood still', async () => {
    await work(minute);
    stage.office.post('one');
    let held: Promise<unknown> | undefined;
    const ingest: typeof stage.storage.ingest = async (items) => {
      const cursor = items.find(({ state }) => state !== undefined)?.state;
      if (cursor && held === undefined) {
        // Somebody else goes on meanwhile.
        const { id } = await post.acme.connections.get('post/main');
        const entry = await stage.storage.states.read('acme', `poll:${id}:letter.came`);
        held = stage.storage.states.write([
          { tenant: 'acme', name: cursor.name, expect: entry?.version ?? 'absent', value: { cursor: 9, hasBegun: true, failures: 0 } },
        ]);
        await held;
      }
      return stage.storage.ingest(items);
    };
    const slow = open({ storage: { ...stage.storage, ingest } });
    await ready(slow);
    await workFor(slow, stage.clock, 2 * minute);
    expect((await stored())?.value).toMatchObject({ cursor: 9 });
    expect(await came()).toEqual([]);
  });

  it('belongs to one line of looks, whatever the number of processes', async () => {
    const others = [open(), open()];
    for (const other of others) await ready(other);
    await work(minute);
    for (let round = 0; round < 12; round += 1) {
      stage.office.post(`letter ${round}`);
      await Promise.all([post, ...others].map(({ hub }) => hub.work({ deadline: 1_000 })));
      await stage.clock.advance(minute);
    }
    await work(2 * minute);
    expect(await came()).toEqual(Array.from({ length: 12 }, (_, index) => `letter ${index}`));
    expect(stage.office.asked.length).toBeLessThan(30);
  });
});

describe('trouble', () => {
  it('puts looks off for longer and longer, says so, and loses nothing', async () => {
    await work(minute);
    stage.office.trouble = { status: 503 };
    stage.office.post('one');
    stage.office.asked.length = 0;
    await work(60 * minute);
    expect(stage.office.asked.length).toBeLessThanOrEqual(8);
    expect(post.failures.map(({ failures }) => failures).slice(0, 3)).toEqual([1, 2, 3]);
    expect(post.failures[0]).toMatchObject({
      tenant: 'acme',
      connectorId: 'post',
      triggerId: 'letter.came',
      error: { code: 'provider_unavailable' },
    });
    stage.office.trouble = null;
    await work(65 * minute);
    expect(await came()).toEqual(['one']);
    expect((await stored())?.value).toMatchObject({ failures: 0 });
  });

  it('of data that does not fit keeps the cursor where it is', async () => {
    await work(minute);
    stage.office.letters.push({ id: 'odd', number: 1, text: ['odd'] as unknown as string });
    await work(3 * minute);
    expect(await came()).toEqual([]);
    expect((await stored())?.value).toMatchObject({ cursor: 0 });
    expect(post.failures.length).toBeGreaterThan(0);
  });
});

describe('a thing that can never become an event', () => {
  const odd = (number: number) => stage.office.letters.push({ id: `odd-${number}`, number, text: 7 });

  it.each([
    ['among others', () => [stage.office.post('one'), odd(2), stage.office.post('two', 'three')]],
    ['at the end of a look', () => [stage.office.post('one', 'two'), odd(3), stage.office.post('three')]],
  ])('%s holds up nothing behind it, is kept, and becomes one once the connector reads it', async (_where, arrive) => {
    await work(minute);
    arrive();
    for (const [index, letter] of stage.office.letters.entries()) Object.assign(letter, { number: index + 1 });
    await work(10 * minute);
    expect(await came()).toEqual(['one', 'two', 'three']);
    expect((await stored())?.value).toEqual({ cursor: 4, hasBegun: true, failures: 0 });
    expect(post.failures).toMatchObject([{ triggerId: 'letter.came', error: { code: 'invalid_event' } }]);
    const { items } = await post.acme.webhooks.kept.list();
    expect(items).toMatchObject([{ registration: 'poll:letter.came', error: { code: 'invalid_event' } }]);
    await expect(post.acme.webhooks.kept.replay(items[0]?.id ?? '')).rejects.toMatchObject({ code: 'invalid_event' });
    await post.hub.stop();
    post = open({ takesNumbers: true });
    await ready(post);
    expect(await post.acme.webhooks.kept.replay(items[0]?.id ?? '')).toEqual({ events: 1 });
    expect(await came()).toEqual(['one', 'two', 'three', 7]);
    expect((await post.acme.webhooks.kept.list()).items).toEqual([]);
  });

  it('is kept once, however often a look comes again', async () => {
    await work(minute);
    odd(1);
    stage.office.post('one');
    let lost = 0;
    const ingest: typeof stage.storage.ingest = async (items) => {
      if (items.some(({ event }) => event?.type === 'post.letter.came')) lost += 1;
      if (lost > 0 && lost <= 3) throw new Error('the store is away');
      return stage.storage.ingest(items);
    };
    const shaky = open({ storage: { ...stage.storage, ingest } });
    await ready(shaky);
    await work(60 * minute, shaky);
    expect(await came()).toEqual(['one']);
    expect((await post.acme.webhooks.kept.list()).items).toHaveLength(1);
  });
});

describe('nobody looks', () => {
  const looks = async (withinMs: number): Promise<number> => {
    stage.office.asked.length = 0;
    await work(withinMs);
    return stage.office.asked.length;
  };

  it('while the connection is paused; afterwards what came meanwhile is taken', async () => {
    await work(minute);
    await post.acme.connections.pause('post/main');
    stage.office.post('one');
    expect(await looks(10 * minute)).toBe(0);
    await post.acme.connections.resume('post/main');
    await work(2 * minute);
    expect(await came()).toEqual(['one']);
  });

  it('after the connection was disconnected', async () => {
    await work(minute);
    await post.acme.connections.disconnect('post/main');
    expect(await looks(10 * minute)).toBe(0);
  });

  it('while nobody waits for the events; what came meanwhile is nobody’s', async () => {
    await work(minute);
    await post.hub.retireSubscriber('reader');
    stage.office.post('one');
    expect(await looks(10 * minute)).toBe(0);
    post.hub.subscribe('post.*', { name: 'again' }, () => {});
    await work(20 * minute);
    stage.office.post('two');
    await work(2 * minute);
    expect(await came()).toEqual(['two']);
  });

  it('while the tenant has turned the trigger off', async () => {
    await work(minute);
    await post.acme.configuration.turnOff({ event: 'post.letter.came' });
    expect(await looks(10 * minute)).toBe(0);
  });
});
