import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';
import { deliver, listening } from './desk-deliveries.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;
let url: string;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  url = await listening(acme);
});
afterEach(() => stage.close());

const mapping = {
  event: 'desk.ticket.filed',
  fields: [
    { to: 'number', from: 'key', type: 'string', required: true },
    { to: 'price.amount', from: 'cents', transforms: [{ scale: 0.01 }], check: { minimum: 0 } },
  ],
} as const;

const telling = {
  trigger: { event: 'desk.ticket.filed' },
  when: { field: 'event.mapped.price.amount', op: 'greater_than', value: 10 },
  steps: [
    { id: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: '{{ event.mapped.number }}' } },
    {
      id: 'tell',
      action: 'chat.say',
      connection: 'team',
      input: { text: '{{ event.mapped.number }} for {{ event.mapped.price.amount }}' },
    },
  ],
} as const;

async function onlyEvent() {
  const { items } = await acme.events.list();
  expect(items).toHaveLength(1);
  const [stored] = items;
  if (stored === undefined) throw new Error('There is no event.');
  return stored.event;
}

const said = () => stage.desk.callsOf('say').map(({ input }) => input);
const dead = async () => (await acme.dispatches.list({ status: 'dead' })).items;

describe('an event that has a mapping', () => {
  it('is seen by conditions and by every step as what the mapping made of it, and keeps its data', async () => {
    await acme.mappings.put('ticket', mapping);
    await acme.automations.put('telling', telling);
    expect(await deliver(office, url, { key: 'T-7', cents: 1250 })).toBe(202);
    expect(await deliver(office, url, { key: 'T-8', cents: 250 })).toBe(202);
    await office.settled();
    expect(said()).toEqual([{ text: 'T-7 for 12.5' }]);
    const { items } = await acme.events.list();
    expect(items.map(({ event }) => [event.data, event.mapped])).toEqual([
      [
        { key: 'T-8', cents: 250 },
        { number: 'T-8', price: { amount: 2.5 } },
      ],
      [
        { key: 'T-7', cents: 1250 },
        { number: 'T-7', price: { amount: 12.5 } },
      ],
    ]);
    const explained = await acme.events.explain(items[0]?.event.id ?? '');
    expect(explained.automations.map(({ matched, reason }) => [matched, reason])).toEqual([
      [false, expect.stringContaining('event.mapped.price.amount')],
    ]);
  });

  it('is mapped by the mapping of its own connection before one of any', async () => {
    await acme.mappings.put('any', { event: 'desk.ticket.filed', fields: [{ to: 'by', value: 'any' }] });
    await deliver(office, url, { key: 'T-1' });
    await acme.mappings.put('main', { event: 'desk.ticket.filed', connection: 'main', fields: [{ to: 'by', value: 'main' }] });
    await deliver(office, url, { key: 'T-2' });
    const { items } = await acme.events.list();
    expect(items.map(({ event }) => event.mapped)).toEqual([{ by: 'main' }, { by: 'any' }]);
  });

  it('has nothing mapped where it is of another connection, another tenant, or came before', async () => {
    await deliver(office, url, { key: 'T-1' });
    await acme.connections.put('other', { connector: 'desk', credential: { type: 'bearer', token: 'x' } });
    await acme.mappings.put('other', { event: 'desk.ticket.filed', connection: 'other', fields: [{ to: 'by', value: 'other' }] });
    await deliver(office, url, { key: 'T-2' });
    await acme.mappings.put('any', { event: 'desk.ticket.filed', fields: [{ to: 'by', value: 'any' }] });
    const globexUrl = await listening(office.hub.tenant('globex'));
    await deliver(office, globexUrl, { key: 'T-3' });
    const all = [await acme.events.list(), await office.hub.tenant('globex').events.list()].flatMap(({ items }) => items);
    expect(all).toHaveLength(3);
    for (const { event } of all) expect(event).not.toHaveProperty('mapped');
  });

  it('reaches subscribers mapped', async () => {
    const seen: unknown[] = [];
    const other = stage.process();
    other.hub.subscribe('desk.*', { name: 'index' }, (event) => seen.push(event.mapped));
    await other.hub.ready();
    await acme.mappings.put('ticket', mapping);
    await deliver(other, url, { key: 'T-7', cents: 100 });
    await other.settled();
    expect(seen).toEqual([{ number: 'T-7', price: { amount: 1 } }]);
  });

  it('is mapped by a mapping that has just been put in another process', async () => {
    const other = stage.process();
    await deliver(other, url, { key: 'T-1', cents: 1 });
    await acme.mappings.put('ticket', mapping);
    await deliver(other, url, { key: 'T-2', cents: 1 });
    const { items } = await acme.events.list();
    expect(items.map(({ event }) => event.mapped)).toEqual([{ number: 'T-2', price: { amount: 0.01 } }, undefined]);
  });
});

describe('an event that does not fit its mapping', () => {
  beforeEach(async () => {
    await acme.mappings.put('ticket', mapping);
    await acme.automations.put('telling', telling);
  });

  it('is taken in whole, starts nothing, and is in the dead-letter list with the reason and without the value', async () => {
    expect(await deliver(office, url, { key: 'T-9', cents: 'sk_secret' })).toBe(202);
    await office.settled();
    expect(said()).toEqual([]);
    expect(stage.desk.callsOf('file_ticket')).toEqual([]);
    expect(await onlyEvent()).toMatchObject({ data: { key: 'T-9', cents: 'sk_secret' } });
    expect(await onlyEvent()).not.toHaveProperty('mapped');
    const letters = await dead();
    expect(letters).toEqual([
      expect.objectContaining({
        handler: 'mapping',
        operation: 'ticket',
        eventId: (await onlyEvent()).id,
        error: expect.objectContaining({
          code: 'mapping_failed',
          message: expect.stringContaining('price.amount (text): scale takes a number'),
        }),
      }),
    ]);
    expect(JSON.stringify(letters)).not.toContain('sk_secret');
    expect(office.noticesOf('dispatch.dead')).toHaveLength(1);
  });

  it('starts what it starts, once, when the mapping has been mended and somebody retries it', async () => {
    await deliver(office, url, { key: 'T-9', cents: '1250' });
    await office.settled();
    const [letter] = await dead();
    await acme.mappings.put('ticket', { ...mapping, fields: [mapping.fields[0], { to: 'price.amount', from: 'cents', type: 'number' }] });
    await acme.dispatches.retry(letter?.id ?? '');
    await office.settled();
    expect(said()).toEqual([{ text: 'T-9 for 1250' }]);
    expect(await dead()).toEqual([]);
    expect(await onlyEvent()).toMatchObject({ mapped: { number: 'T-9', price: { amount: 1250 } } });
    const { automations } = await acme.events.explain((await onlyEvent()).id);
    expect(automations).toEqual([expect.objectContaining({ name: 'telling', considered: true, matched: true })]);
    const { items } = await acme.runs.list({ eventId: (await onlyEvent()).id });
    expect(items.map(({ status }) => status)).toEqual(['succeeded']);
  });

  it('stays dead where it is retried and still does not fit', async () => {
    await deliver(office, url, { key: 'T-9', cents: 'x' });
    await office.settled();
    const [letter] = await dead();
    await acme.dispatches.retry(letter?.id ?? '');
    await office.settled();
    expect((await dead()).map(({ round }) => round)).toEqual([2]);
    expect(said()).toEqual([]);
  });

  it('is taken as it came once its mapping has gone', async () => {
    await acme.automations.put('all', {
      ...telling,
      when: { cel: '!has(event.mapped)' },
      steps: [{ ...telling.steps[1], input: { text: 'as it came' } }],
    });
    await deliver(office, url, { key: 'T-9', cents: 'x' });
    await office.settled();
    await acme.mappings.delete('ticket');
    await acme.dispatches.retry((await dead())[0]?.id ?? '');
    await office.settled();
    expect(said()).toEqual([{ text: 'as it came' }]);
  });

  it('is one event however often it is delivered', async () => {
    await deliver(office, url, { key: 'T-9', cents: 'x' }, 'same');
    await deliver(office, url, { key: 'T-9', cents: 'x' }, 'same');
    await office.settled();
    expect(await dead()).toHaveLength(1);
    await onlyEvent();
  });
});
