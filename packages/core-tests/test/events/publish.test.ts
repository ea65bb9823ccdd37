import { isPatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(() => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
});
afterEach(() => stage.close());

const order = { number: 'A-1', amount: 3 };

async function stored(): Promise<number> {
  return (await acme.events.list()).items.length;
}

/** Hands in what the types forbid and plain JavaScript could. */
function publishAnything(type: unknown, data: unknown, options?: unknown): Promise<unknown> {
  const publish = acme.events.publish as (...given: unknown[]) => Promise<unknown>;
  return publish(type, data, options);
}

describe('a transaction of the host', () => {
  it.each([{ query: async () => [] }, undefined, null])('is refused by a storage that can join none (%o)', async (transaction) => {
    await expect(publishAnything('order.placed', order, { transaction })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await stored()).toBe(0);
  });
});

describe('a dedupe key', () => {
  it('makes the same data the same event, in whatever order its members come', async () => {
    const first = await acme.events.publish('order.placed', order, { dedupeKey: 'k' });
    const again = await acme.events.publish('order.placed', { amount: 3, number: 'A-1' }, { dedupeKey: 'k', time: 5 });
    expect(first.status).toBe('created');
    expect(again).toEqual({ status: 'duplicate', eventId: first.eventId });
    expect(await stored()).toBe(1);
    expect(office.noticesOf('event.published')).toHaveLength(1);
  });

  it.each([
    ['other data', () => acme.events.publish('order.placed', { ...order, amount: 4 }, { dedupeKey: 'k' })],
    ['another type with the same data', () => acme.events.publish('order.cancelled', { number: 'A-1' }, { dedupeKey: 'k' })],
    ['another subject', () => acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k', subject: 'orders/2' })],
  ])('refuses %s as a conflict that names the first event', async (_what, publish) => {
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k' });
    await expect(publish()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(eventId) });
    expect(await stored()).toBe(1);
  });

  it('belongs to its tenant', async () => {
    await acme.events.publish('order.placed', order, { dedupeKey: 'k' });
    const other = await office.hub.tenant('other').events.publish('order.placed', { number: 'B-1' }, { dedupeKey: 'k' });
    expect(other.status).toBe('created');
  });

  it('makes one event of a hundred calls at once, from two processes', async () => {
    const branch = stage.process().hub.tenant('acme');
    const calls = Array.from({ length: 100 }, (_, index) =>
      (index % 2 === 0 ? acme : branch).events.publish('order.placed', order, { dedupeKey: 'k' }),
    );
    const results = await Promise.all(calls);
    expect(results.filter(({ status }) => status === 'created')).toHaveLength(1);
    expect(new Set(results.map(({ eventId }) => eventId)).size).toBe(1);
    expect(await stored()).toBe(1);
  });

  it.each(['', ' ', 'a\u0000b', 'x'.repeat(201), '\ud800', 7, null])(
    'is refused when it is %j, and nothing is stored',
    async (dedupeKey) => {
      await expect(publishAnything('order.placed', order, { dedupeKey })).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(await stored()).toBe(0);
    },
  );

  it.each(['ключ-🔑', 'a:b:c', '__proto__', 'x'.repeat(200)])('may be %j', async (dedupeKey) => {
    await acme.events.publish('order.placed', order, { dedupeKey });
    expect((await acme.events.publish('order.placed', order, { dedupeKey })).status).toBe('duplicate');
  });
});

describe('what is published', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;

  it.each([
    ['an undeclared type', 'order.lost', order],
    ["a connector's own type", 'desk.ticket.filed', { key: 'T-1' }],
    ['a type of Object.prototype', 'toString', order],
    ['data that the schema refuses', 'order.placed', { number: 7 }],
    ['nothing', 'order.placed', undefined],
    ['a cycle', 'order.placed', { number: 'A-1', more: cycle }],
    ['a BigInt', 'order.placed', { number: 'A-1', more: 1n }],
    ['nesting deeper than a webhook may', 'order.placed', { number: 'A-1', more: nested(65) }],
    ['nesting that its schema cannot follow', 'order.placed', { number: 'A-1', json: nested(50_000) }],
  ])('is refused as invalid_event where it is %s', async (_what, type, data) => {
    await expect(publishAnything(type, data)).rejects.toSatisfy((error) => isPatchbayError(error) && error.code === 'invalid_event');
    expect(await stored()).toBe(0);
  });

  it.each([
    ['time', Number.NaN],
    ['time', 1.5],
    ['time', 9e15],
    ['time', '2026-01-01'],
    ['subject', ''],
    ['subject', 'a\u0000b'],
    ['subject', 'x'.repeat(501)],
    ['class', 'odd'],
    ['severity', 'fatal'],
  ])('is refused where its %s is %j', async (name, value) => {
    await expect(publishAnything('order.placed', order, { [name]: value })).rejects.toMatchObject({ code: 'invalid_event' });
    expect(await stored()).toBe(0);
  });

  it('loses members named __proto__, which could change the prototype of a copy', async () => {
    const { eventId } = await publishAnything('order.placed', {
      number: 'A-1',
      more: JSON.parse('{"__proto__":{"admin":true},"kept":1}'),
    }).then((result) => result as { eventId: string });
    const { event } = await acme.events.get(eventId);
    expect(JSON.stringify(event.data)).toBe('{"number":"A-1","more":{"kept":1}}');
  });

  it('goes to automations and subscribers as the stored text says it, not as the host handed it in', async () => {
    const seen: unknown[] = [];
    office.hub.subscribe('order.placed', { name: 'seen' }, (event) => seen.push(event.data));
    await acme.events.publish('order.placed', { number: 'A-1', more: [{ toJSON: () => 'as text' }] });
    await office.settled();
    expect(seen).toEqual([{ number: 'A-1', more: ['as text'] }]);
  });
});

describe('an event caused by another', () => {
  it('carries the correlation of its cause through a whole chain', async () => {
    const first = await acme.events.publish('order.placed', order);
    const second = await acme.events.publish('order.cancelled', { number: 'A-1' }, { causation: first.eventId });
    const third = await acme.events.publish('order.cancelled', { number: 'A-1' }, { causation: second.eventId });
    const { event } = await acme.events.get(third.eventId);
    expect(event).toMatchObject({ causation: second.eventId, correlation: first.eventId });
  });

  it('begins no chain from an event of another tenant, one that is unknown or one that is no id: the answer is the same', async () => {
    const foreign = await office.hub.tenant('other').events.publish('order.placed', order);
    const answers = await Promise.all(
      [foreign.eventId, '01890a5d-ac96-774b-bcce-b302099a8057', 'x', '', null].map((causation) =>
        publishAnything('order.placed', order, { causation }).catch((error: unknown) => (error as Error).message),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/no such event/);
    expect(await stored()).toBe(0);
  });
});

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
