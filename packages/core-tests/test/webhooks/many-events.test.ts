import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BellProcess, type BellStage, bellStage, ring, settle } from './bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
});
afterEach(() => stage.close());

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ trigger: 'rung', data: { tone: `c${index}` } }));

/** Tones of all events, in the order of their numbers. */
async function tones(): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof stage.storage.history.events>> = await stage.storage.history.events(
      'acme',
      {},
      { cursor, limit: 500 },
    );
    found.push(...page.items.map(({ data }) => JSON.parse(Buffer.from(data.bytes).toString()).tone));
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

describe('a delivery that tells of many events', () => {
  it('is taken with a thousand of them, each once, however often it comes', async () => {
    const { registration } = await settle(process);
    const delivery = ring({ body: { events: many(1_000) } });
    for (let times = 0; times < 2; times += 1) expect((await process.send(registration.url, delivery)).status).toBe(202);
    expect(new Set(await tones())).toEqual(new Set(many(1_000).map(({ data }) => data.tone)));
    expect(await tones()).toHaveLength(1_000);
  });

  it('is kept with more, and the host is told why', async () => {
    const { registration, handle } = await settle(process);
    for (const count of [1_001, 3_000]) {
      const answer = await process.send(registration.url, ring({ body: { events: many(count) } }));
      expect(answer).toMatchObject({ status: 202, text: '' });
      const [kept] = (await handle.webhooks.kept.list()).items;
      expect(kept?.error.message).toContain(`tells of ${count} events, and at most 1000`);
    }
    expect(process.failed).toMatchObject([1, 2].map(() => ({ error: { code: 'body_invalid' }, reason: null })));
    expect(await tones()).toEqual([]);
  });

  it.each([
    ['of a small body 64 at a time', '', 64],
    ['of a large body as many as fill a batch of the store with it', 'x'.repeat(300_000), 3],
  ])('is published in parts, %s', async (_which, ballast, most) => {
    const { registration } = await settle(process);
    let underWay = 0;
    let highest = 0;
    const counted = stage.process({
      storage: {
        ...stage.storage,
        async ingest(items) {
          underWay += items.length;
          highest = Math.max(highest, underWay);
          for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
          underWay -= items.length;
          return stage.storage.ingest(items);
        },
      },
    });
    expect((await counted.send(registration.url, ring({ body: { ballast, events: many(200) } }))).status).toBe(202);
    expect([await tones(), highest]).toEqual([expect.objectContaining({ length: 200 }), most]);
  });

  it('is taken in but for the events that cannot be, and kept for their sake', async () => {
    const { registration, handle } = await settle(process);
    const events = many(200).map((event, index) => (index === 10 ? { ...event, data: { tone: 7 } } : event));
    expect((await process.send(registration.url, ring({ body: { events } as never }))).status).toBe(202);
    expect(await tones()).toHaveLength(199);
    const [kept] = (await handle.webhooks.kept.list()).items;
    expect(kept?.error.code).toBe('invalid_event');
    await expect(handle.webhooks.kept.replay(kept?.id ?? '')).rejects.toMatchObject({ code: 'invalid_event' });
    expect(await tones()).toHaveLength(199);
  });

  it('is left to the repeat as soon as the store is away', async () => {
    const { registration } = await settle(process);
    let asked = 0;
    let away = true;
    const broken = stage.process({
      storage: {
        ...stage.storage,
        ingest(items) {
          asked += items.length;
          return away ? Promise.reject(new Error('away')) : stage.storage.ingest(items);
        },
      },
    });
    const delivery = ring({ body: { events: many(1_000) } });
    expect((await broken.send(registration.url, delivery)).status).toBe(500);
    await stage.clock.settle();
    // A batch that fails is halved until it is clear that it is nobody's own fault.
    expect(asked).toBeLessThan(64 * 8);
    away = false;
    expect((await broken.send(registration.url, delivery)).status).toBe(202);
    expect(await tones()).toHaveLength(1_000);
  });
});
