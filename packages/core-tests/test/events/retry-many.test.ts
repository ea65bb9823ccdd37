import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskTenant, orderAutomation } from '../desk/desk-stage.ts';
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
};
const rounds = async () => (await acme.dispatches.list({ limit: 500 })).items.map(({ round }) => round).toReversed();

describe('a retry of many dispatches', () => {
  it('opens a new round of each that is dead, under the key that it has, oldest first', async () => {
    const ids = await book.place(3);
    mend();
    const result = await acme.dispatches.retryMany();
    expect(result).toMatchObject({ dispatches: 3, retried: 3, repeated: 0, refused: 0, cursor: null, codes: { invalid_input: 3 } });
    expect(result.targets).toEqual([{ target: 'subscriber:index', name: 'index', count: 3 }]);
    expect(result.samples.map(({ eventId, action, code }) => [eventId, action, code])).toEqual(
      ids.map((id) => [id, null, 'invalid_input']),
    );
    await book.office.settled();
    expect(book.calls.map(({ number }) => number)).toEqual(['A-1', 'A-2', 'A-3', 'A-1', 'A-2', 'A-3']);
    expect(new Set(book.calls.map(({ key }) => key)).size).toBe(3);
    expect((await acme.dispatches.list({ status: 'succeeded' })).items).toHaveLength(3);
    expect(await acme.dispatches.retryMany()).toMatchObject({ dispatches: 0 });
  });

  it('lets the run go on whose step it was', async () => {
    await acme.automations.put('order', orderAutomation);
    book.stage.desk.next('file_ticket', () => {
      throw new PatchbayError({ code: 'provider_rejected', message: 'No.' });
    });
    const [eventId = ''] = await book.place(1);
    expect((await acme.runs.list({ eventId })).items).toMatchObject([{ status: 'failed' }]);
    const connection = (await acme.connections.get('desk/main')).id;
    expect(await acme.dispatches.retryMany({ connection, code: 'provider_rejected' })).toMatchObject({ retried: 1 });
    await book.office.settled();
    expect((await acme.runs.list({ eventId })).items).toMatchObject([{ status: 'succeeded', replay: 0 }]);
  });

  it('selects by automation, subscriber, connection, code and the time at which they ended', async () => {
    await acme.automations.put('order', orderAutomation);
    const refuse = () => {
      throw new PatchbayError({ code: 'provider_rejected', message: 'No.' });
    };
    book.stage.desk.next('file_ticket', refuse, refuse, refuse);
    await book.place(3);
    const ended = (await acme.dispatches.list({ status: 'dead' })).items.map(({ finishedAt }) => finishedAt ?? 0);
    const [first = 0, , last = 0] = [...new Set(ended)].toSorted((left, right) => left - right);
    const count = async (query: object) => (await acme.dispatches.retryMany({ ...query, dryRun: true })).retried;
    expect(await count({})).toBe(6);
    expect(await count({ automation: 'order' })).toBe(3);
    expect(await count({ subscriber: 'index' })).toBe(3);
    expect(await count({ connection: 'main' })).toBe(3);
    expect(await count({ connection: 'team' })).toBe(0);
    expect(await count({ code: 'invalid_input' })).toBe(3);
    expect(await count({ from: last })).toBe(2);
    expect(await count({ from: first, to: last })).toBe(4);
    expect(await count({ status: 'cancelled' })).toBe(0);
  });

  it('opens no more rounds than its limit, and goes on where its cursor says', async () => {
    await book.place(5);
    mend();
    const first = await acme.dispatches.retryMany({ limit: 3 });
    expect(first).toMatchObject({ retried: 3, cursor: expect.any(String) });
    expect(await rounds()).toEqual([2, 2, 2, 1, 1]);
    expect(await acme.dispatches.retryMany({ limit: 3, cursor: first.cursor })).toMatchObject({ retried: 2, cursor: null });
    expect(await rounds()).toEqual([2, 2, 2, 2, 2]);
  });

  it('tries nothing again under one key that has died anew', async () => {
    await book.place(3);
    const request = { idempotencyKey: 'incident' };
    expect(await acme.dispatches.retryMany({ ...request, limit: 2 })).toMatchObject({ retried: 2 });
    await book.stage.clock.advance(1_000);
    await book.office.settled();
    expect((await acme.dispatches.list({ status: 'dead' })).items).toHaveLength(3);
    expect(await acme.dispatches.retryMany(request)).toMatchObject({ dispatches: 1, retried: 1, cursor: null });
    await book.stage.clock.advance(1_000);
    await book.office.settled();
    expect(await acme.dispatches.retryMany(request)).toMatchObject({ dispatches: 0 });
    expect(await rounds()).toEqual([2, 2, 2]);
    expect(await acme.dispatches.retryMany({ idempotencyKey: 'another' })).toMatchObject({ retried: 3 });
  });

  it('opens one round where two people ask at once', async () => {
    await book.place(4);
    mend();
    const branch = book.process().hub.tenant('acme');
    const answers = await Promise.all([acme.dispatches.retryMany(), branch.dispatches.retryMany()]);
    for (const { dispatches, retried, repeated } of answers) expect(retried + repeated).toBe(dispatches);
    expect(await rounds()).toEqual([2, 2, 2, 2]);
    await book.office.settled();
    expect(book.calls).toHaveLength(8);
  });

  it('says of each that it could not open why, and goes on with the others', async () => {
    await book.place(3);
    const { storage } = book.stage;
    const [taken] = (await storage.history.dispatches('acme', {}, { cursor: null, limit: 1 })).items;
    if (taken === undefined) throw new Error('There are three.');
    const gone: typeof storage = {
      ...storage,
      reopen: async (items) => (items[0]?.key.root === taken.key.root ? [{ status: 'missing' }] : storage.reopen(items)),
    };
    const desk = book.process({ storage: gone }).hub.tenant('acme');
    const result = await desk.dispatches.retryMany();
    expect(result).toMatchObject({ dispatches: 3, retried: 2, refused: 1, refusals: [{ code: 'not_found' }] });
    expect(await rounds()).toEqual([2, 2, 1]);
  });

  it('opens no round that nobody would take', async () => {
    await book.place(2);
    await book.office.hub.retireSubscriber('index');
    const expected = { dispatches: 2, retried: 0, refused: 2, refusals: [{ code: 'not_found' }, { code: 'not_found' }] };
    expect(await acme.dispatches.retryMany({ dryRun: true })).toMatchObject(expected);
    expect(await acme.dispatches.retryMany()).toMatchObject(expected);
    expect(await rounds()).toEqual([1, 1]);
  });

  it('leaves another tenant’s alone', async () => {
    const other = book.office.hub.tenant('other');
    await other.events.publish('order.placed', { number: 'X' });
    await book.office.settled();
    await book.place(1);
    expect(await acme.dispatches.retryMany()).toMatchObject({ retried: 1 });
    expect((await other.dispatches.list()).items).toMatchObject([{ round: 1, status: 'dead' }]);
  });

  const malformed: readonly (readonly [string, object])[] = [
    ['what is held', { status: 'held' }],
    ['what has succeeded', { status: 'succeeded' }],
    ['a window that ends before it begins', { from: 2, to: 1 }],
    ['no limit', { limit: -1 }],
    ['a code that is none', { code: 7 }],
    ['an empty key', { idempotencyKey: '' }],
  ];
  it.each(malformed)('is refused for %s', async (_, request) => {
    await book.place(1);
    await expect(acme.dispatches.retryMany(request)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await rounds()).toEqual([1]);
  });
});
