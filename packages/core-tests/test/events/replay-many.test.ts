import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskTenant, orderAutomation } from '../desk/desk-stage.ts';
import { watchStorage } from '../tenancy/watched-storage.ts';
import { type OrderBook, orderBook } from './order-book.ts';

let book: OrderBook;
let acme: DeskTenant;

beforeEach(async () => {
  book = await orderBook();
  ({ acme } = book);
});
afterEach(() => book.stage.close());

const mend = (): void => {
  book.isBroken = false;
  book.calls.length = 0;
};
const numbers = (): readonly string[] => book.calls.map(({ number }) => number);

describe('a replay of many events', () => {
  it('starts what has not succeeded, oldest first, in the class of replays, and answers what it came to', async () => {
    const ids = await book.place(3);
    mend();
    const fine = await book.place(1);
    book.calls.length = 0;
    const result = await acme.events.replayMany({ idempotencyKey: 'incident' });
    expect(result).toMatchObject({ events: 4, replayed: 3, repeated: 0, skipped: 1, refused: 0, started: 3, cursor: null });
    expect(result.targets).toEqual([{ target: 'subscriber:index', name: 'index', count: 3 }]);
    expect(result.samples.map(({ eventId, type, targets }) => [eventId, type, targets])).toEqual(
      ids.map((id) => [id, 'order.placed', ['subscriber:index']]),
    );
    const [waiting] = (await acme.dispatches.list({ status: 'pending' })).items;
    expect((await book.stage.storage.history.dispatches('acme', { status: 'pending' }, { cursor: null, limit: 10 })).items).toMatchObject(
      ids.map(() => ({ workClass: 'replay' })),
    );
    expect(waiting?.replay).toBe(1);
    await book.office.settled();
    expect(numbers()).toEqual(['A-1', 'A-2', 'A-3']);
    expect(await book.replaysOf(fine[0] ?? '')).toEqual([0]);
  });

  it('selects by type, as subscribing does, and by when events were stored', async () => {
    const ids = await book.place(4);
    const { eventId: cancelled } = await acme.events.publish('order.cancelled', { number: 'C-1' });
    await book.office.settled();
    const at = await Promise.all(ids.map(async (id) => (await acme.events.get(id)).storedAt));
    const found = async (query: object) =>
      (await acme.events.replayMany({ ...query, dryRun: true })).samples.map(({ eventId }) => [...ids, cancelled].indexOf(eventId));
    expect(await found({ type: 'order.cancelled' })).toEqual([4]);
    expect(await found({ type: 'order.*' })).toEqual([0, 1, 2, 3, 4]);
    expect(await found({ type: '*.placed' })).toEqual([0, 1, 2, 3]);
    expect(await found({ type: 'order.*.placed' })).toEqual([]);
    expect(await found({ from: at[1] })).toEqual([1, 2, 3, 4]);
    expect(await found({ from: at[1], to: at[3] })).toEqual([1, 2]);
    expect(await found({ type: 'order.placed', to: at[1] })).toEqual([0]);
    const listed = await acme.events.list({ from: at[1] ?? 0, to: at[3] ?? 0 });
    expect(listed.items.map(({ event }) => event.id)).toEqual([ids[2], ids[1]]);
  });

  it('takes ids, each once, and refuses those that are nobody else’s business one by one', async () => {
    const ids = await book.place(2);
    const theirs = book.office.hub.tenant('other');
    const foreign = await theirs.events.publish('order.placed', { number: 'X' });
    await book.office.settled();
    mend();
    const asked = [ids[1] ?? '', foreign.eventId, ids[1] ?? '', '01890a5d-ac96-774b-bcce-b302099a8057', 'x'.repeat(5_000)];
    const result = await acme.events.replayMany({ ids: asked, idempotencyKey: 'named' });
    expect(result).toMatchObject({ events: 4, replayed: 1, refused: 3, cursor: null });
    expect(new Set(result.refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1);
    expect(result.refusals[0]?.code).toBe('not_found');
    await book.office.settled();
    expect(numbers()).toEqual(['A-2']);
    expect((await theirs.dispatches.list()).items).toHaveLength(1);
  });

  it('starts no more than its limit, and goes on where its cursor says', async () => {
    await book.place(5);
    mend();
    const replays: number[] = [];
    const progress: number[] = [];
    let cursor: string | null = null;
    do {
      const result: Awaited<ReturnType<typeof acme.events.replayMany>> = await acme.events.replayMany({
        idempotencyKey: 'paged',
        limit: 2,
        cursor,
        onProgress: ({ replayed }) => progress.push(replayed),
      });
      replays.push(result.replayed);
      cursor = result.cursor;
    } while (cursor !== null);
    expect([replays, progress]).toEqual([
      [2, 2, 1],
      [2, 2, 1],
    ]);
    const again = await acme.events.replayMany({ idempotencyKey: 'paged', limit: 2 });
    expect(again).toMatchObject({ replayed: 0, repeated: 2, cursor: expect.any(String) });
    const named = await acme.events.replayMany({
      ids: (await acme.events.list()).items.map(({ event }) => event.id),
      limit: 3,
      dryRun: true,
    });
    expect(named).toMatchObject({ events: 5, skipped: 5, cursor: null });
    await book.office.settled();
    expect(numbers()).toEqual(['A-1', 'A-2', 'A-3', 'A-4', 'A-5']);
  });

  it('ends between two pages when its signal says so, with a cursor behind what it has started', async () => {
    await book.place(40);
    mend();
    const stop = new AbortController();
    const first = await acme.events.replayMany({ idempotencyKey: 'stopped', signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ replayed: 32, cursor: expect.any(String) });
    await expect(acme.events.replayMany({ idempotencyKey: 'stopped', signal: stop.signal })).rejects.toThrow('aborted');
    const second = await acme.events.replayMany({ idempotencyKey: 'stopped', cursor: first.cursor });
    expect(second).toMatchObject({ replayed: 8, cursor: null });
    await book.office.settled();
    expect(new Set(numbers()).size).toBe(40);
    expect(numbers()).toHaveLength(40);
  });

  it('shows in a dry run what it would start, and writes nothing', async () => {
    const ids = await book.place(3);
    const { storage, writes } = watchStorage(book.stage.storage);
    const { hub } = book.process({ storage });
    await hub.ready();
    const desk = hub.tenant('acme');
    writes.length = 0;
    const expected = {
      events: 3,
      replayed: 3,
      started: 3,
      cursor: null,
      targets: [{ target: 'subscriber:index', name: 'index', count: 3 }],
    };
    expect(await desk.events.replayMany({ dryRun: true })).toMatchObject(expected);
    expect(await desk.events.replayMany({ dryRun: true, ids, all: true, idempotencyKey: 'k' })).toMatchObject(expected);
    expect(await desk.dispatches.retryMany({ dryRun: true, idempotencyKey: 'k' })).toMatchObject({ retried: 3 });
    expect(writes).toEqual([]);
    expect(await desk.events.replayMany({ idempotencyKey: 'k' })).toMatchObject({ ...expected, repeated: 0 });
    expect(writes).toContain('ingest');
    expect(await desk.events.replayMany({ dryRun: true, idempotencyKey: 'k' })).toMatchObject({ replayed: 0, repeated: 3, started: 0 });
  });

  it('leaves live work its share: what is published behind a replay is not kept waiting by it', async () => {
    await book.place(24);
    mend();
    const small = book.process({ worker: { concurrency: 4, replayShare: 0.25 } });
    await acme.events.replayMany({ idempotencyKey: 'bulk' });
    for (let order = 0; order < 12; order += 1) await acme.events.publish('order.placed', { number: `live-${order}` });
    await small.settled();
    expect(numbers()).toHaveLength(36);
    const lastLive = numbers().findLastIndex((number) => number.startsWith('live-'));
    expect(lastLive).toBeLessThan(18);
  });
});

describe('a replay of one automation or subscriber', () => {
  it('starts nothing else', async () => {
    book.stage.desk.next('file_ticket', () => {
      throw new Error('The desk is on fire.');
    });
    await acme.automations.put('order', orderAutomation);
    const [eventId = ''] = await book.place(1);
    const dry = await acme.events.replayMany({ dryRun: true, all: true });
    expect(dry.targets.map(({ name }) => name).toSorted()).toEqual(['index', 'order']);
    expect(await acme.events.replayMany({ automation: 'order', all: true, idempotencyKey: 'a' })).toMatchObject({
      started: 1,
      targets: [{ name: 'order', count: 1 }],
    });
    expect((await acme.runs.list({ eventId })).items.map(({ replay }) => replay)).toEqual([1, 0]);
    expect(await book.replaysOf(eventId)).toEqual([0, 0, 1]);
    expect((await acme.events.replayMany({ subscriber: 'index', idempotencyKey: 's' })).targets).toMatchObject([{ name: 'index' }]);
  });

  it('starts a new automation on past events only where it is asked to, and where its condition holds for them', async () => {
    mend();
    const ids = await book.place(3);
    const wanted = { field: 'event.data.number', op: 'not_equals', value: 'A-2' } as const;
    await acme.automations.put('late', { ...orderAutomation, when: wanted });
    const request = { automation: 'late', idempotencyKey: 'backfill' };
    expect(await acme.events.replayMany(request)).toMatchObject({ events: 3, replayed: 0, skipped: 3 });
    const planned = { ...request, unmatched: 'plan', idempotencyKey: 'backfill-2' } as const;
    expect(await acme.events.replayMany({ ...planned, dryRun: true })).toMatchObject({ replayed: 2, skipped: 1 });
    expect(await acme.events.replayMany(planned)).toMatchObject({ replayed: 2, skipped: 1 });
    expect(await acme.events.replayMany(planned)).toMatchObject({ replayed: 0, repeated: 2, skipped: 1 });
    await book.office.settled();
    const runs = (await acme.runs.list({ automation: 'late' })).items;
    expect(runs.map(({ eventId, replay, status }) => [eventId, replay, status])).toEqual([
      [ids[2], 1, 'succeeded'],
      [ids[0], 1, 'succeeded'],
    ]);
    expect(await acme.events.replayMany({ ...planned, idempotencyKey: 'backfill-3' })).toMatchObject({ replayed: 0, skipped: 3 });
  });

  it('starts a new subscriber on past events of its pattern where it is asked to', async () => {
    mend();
    await book.place(2);
    const seen: string[] = [];
    const { hub, settled } = book.process();
    hub.subscribe('order.placed', { name: 'late' }, ({ id }) => void seen.push(id));
    hub.subscribe('invoice.*', { name: 'elsewhere' }, ({ id }) => void seen.push(id));
    await hub.ready();
    const desk = hub.tenant('acme');
    const planned = { unmatched: 'plan', idempotencyKey: 'late' } as const;
    expect(await desk.events.replayMany({ ...planned, subscriber: 'late' })).toMatchObject({ replayed: 2 });
    expect(await desk.events.replayMany({ ...planned, subscriber: 'elsewhere', idempotencyKey: 'e' })).toMatchObject({ replayed: 0 });
    await settled();
    expect(seen).toHaveLength(2);
  });

  it('does not start twice on an event that still waits to be routed', async () => {
    mend();
    await acme.automations.put('late', orderAutomation);
    const [eventId = ''] = await book.place(1);
    const record = await book.stage.storage.history.event('acme', eventId);
    if (record === null) throw new Error('The event is stored.');
    const id = `${eventId.slice(0, -3)}abc`;
    await book.stage.storage.ingest([{ tenant: 'acme', root: id, dedupe: null, event: { ...record, id }, plan: null, lease: null }]);
    const request = { ids: [id], automation: 'late', unmatched: 'plan' } as const;
    expect(await acme.events.replayMany({ ...request, idempotencyKey: 'early' })).toMatchObject({ replayed: 0, skipped: 1 });
    await book.office.settled();
    expect((await acme.runs.list({ eventId: id })).items.map(({ replay }) => replay)).toEqual([0]);
  });
});

describe('a replay of many that cannot be meant', () => {
  const key = { idempotencyKey: 'k' };
  const malformed: readonly (readonly [string, object])[] = [
    ['no key', {}],
    ['an empty key', { idempotencyKey: '' }],
    ['a window that ends before it begins', { ...key, from: 2_000, to: 1_000 }],
    ['a window without an instant', { ...key, from: 1_000, to: 1_000 }],
    ['a time that is text', { ...key, from: '2026-01-01' }],
    ['a time that is none', { ...key, to: Number.NaN }],
    ['a fraction of a millisecond', { ...key, from: 0.5 }],
    ['a pattern that is none', { ...key, type: 'order.**' }],
    ['no limit', { ...key, limit: 0 }],
    ['a limit beyond all bounds', { ...key, limit: 10_001 }],
    ['a cursor that is none', { ...key, cursor: 7 }],
    ['no ids', { ...key, ids: [] }],
    ['ids and a query', { ...key, ids: ['x'], type: 'order.placed' }],
    ['an automation and a subscriber', { ...key, automation: 'a', subscriber: 'b' }],
    ['unmatched events of everything', { ...key, unmatched: 'plan' }],
    ['an unmatched that is none', { ...key, unmatched: 'all' }],
    ['a dry run that is neither', { ...key, dryRun: 'yes' }],
  ];
  it.each(malformed)('is refused for %s', async (_, request) => {
    await book.place(1);
    const replayMany: (request: never) => Promise<unknown> = acme.events.replayMany;
    await expect(replayMany(request as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(acme.events.list()).resolves.toMatchObject({ items: [expect.anything()] });
    expect((await acme.dispatches.list()).items).toHaveLength(1);
  });

  it('is refused for an automation, a subscriber or a connection that is not there, or is another tenant’s', async () => {
    const other = book.office.hub.tenant('other');
    await connect(other);
    const theirs = await other.automations.put('theirs', orderAutomation);
    const [account] = await other.connections.list();
    const absent = [
      ...[{ automation: 'ghost' }, { automation: '\u0000' }, { automation: 'theirs' }, { automation: theirs.id }],
      ...[{ subscriber: 'ghost' }, { connection: 'ghost' }, { connection: account?.id ?? '' }],
    ];
    for (const named of absent)
      for (const call of [acme.events.replayMany({ ...named, ...key }), acme.dispatches.retryMany(named)])
        await expect(call).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused for a disabled automation, instead of starting nothing', async () => {
    await acme.automations.put('order', orderAutomation);
    await acme.automations.disable('order');
    await expect(acme.events.replayMany({ automation: 'order', ...key })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is refused under a key that has asked for something else', async () => {
    await book.place(1);
    await acme.events.replayMany({ type: 'order.placed', ...key });
    await acme.events.replayMany({ type: 'order.placed', ...key, limit: 5 });
    await expect(acme.events.replayMany({ type: 'order.*', ...key })).rejects.toMatchObject({ code: 'conflict' });
  });
});
