import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BookStage, bookStage, draft } from './book-stage.ts';

let stage: BookStage;

beforeEach(async () => {
  stage = await bookStage();
});
afterEach(() => stage.close());

const sent = { ...draft, status: 'sent' };
const overdue = { ...draft, status: 'overdue' };

/** Hands in what the types forbid and plain JavaScript could. */
function changed(change: unknown): Promise<unknown> {
  const tell = stage.acme.records.changed as (given: unknown) => Promise<unknown>;
  return tell(change);
}

describe('a change that is told', () => {
  it.each([
    ['created', null, draft, ['number', 'status', 'total']],
    ['updated', draft, sent, ['status']],
    ['deleted', draft, null, ['number', 'status', 'total']],
  ] as const)('of a record that was %s becomes an event', async (kind, before, after, names) => {
    const { eventId } = await stage.acme.records.changed({ type: 'invoice', id: '7', before, after, version: '3' });
    const { type, subject, class: about, data, correlation } = (await stage.acme.events.get(eventId ?? '')).event;
    expect({ type, subject, about }).toEqual({ type: `record.invoice.${kind}`, subject: 'invoice/7', about: 'record' });
    expect(data).toEqual({ type: 'invoice', id: '7', version: '3', before, after, changed: names, entered: [], left: [] });
    expect(correlation).toBe(eventId);
  });

  it('that has changed nothing becomes none', async () => {
    const told = { type: 'invoice', id: '7', before: draft, after: { status: 'draft', total: 50, number: 'R-1' } } as const;
    expect(await stage.acme.records.changed(told)).toEqual({ status: 'unchanged', eventId: null });
    expect(await stage.eventsOf('record.invoice.updated')).toEqual([]);
  });

  it('is one event for one version, however often it is told, and a conflict with other data', async () => {
    const change = { type: 'invoice', id: '7', before: draft, after: sent, version: '2' } as const;
    const first = await stage.acme.records.changed(change);
    expect(await stage.acme.records.changed(change)).toEqual({ status: 'duplicate', eventId: first.eventId });
    await expect(stage.acme.records.changed({ ...change, after: overdue })).rejects.toMatchObject({ code: 'conflict' });
    const other = await stage.hub.tenant('other').records.changed(change);
    expect(other.status).toBe('created');
    expect((await stage.acme.records.changed({ ...change, id: '8' })).status).toBe('created');
    expect((await stage.acme.records.changed({ ...change, after: null })).status).toBe('created');
  });

  it('is an event each time where it has no version', async () => {
    const change = { type: 'invoice', id: '7', before: draft, after: sent } as const;
    const told = [await stage.acme.records.changed(change), await stage.acme.records.changed(change)];
    expect(told.map(({ status }) => status)).toEqual(['created', 'created']);
  });

  it('shows what the schema gives, and nothing that it leaves out', async () => {
    await stage.acme.records.changed({ type: 'invoice', id: '7', before: { ...draft, iban: 'secret' }, after: { ...sent, iban: 'other' } });
    expect(await stage.eventsOf('record.invoice.updated')).toMatchObject([{ before: draft, after: sent, changed: ['status'] }]);
    expect(JSON.stringify(await stage.eventsOf('record.invoice.updated'))).not.toContain('iban');
  });

  it('may have been older than the schema before, and is taken as it was', async () => {
    const { total: _total, ...old } = draft;
    await stage.acme.records.changed({ type: 'invoice', id: '7', before: old, after: draft });
    expect(await stage.eventsOf('record.invoice.updated')).toMatchObject([{ before: old, changed: ['total'] }]);
  });

  it('names the views that a record has entered and left, by their conditions and by the adapter', async () => {
    const { acme } = stage;
    await acme.records.changed({ type: 'invoice', id: '7', before: null, after: { ...overdue, total: 2_000 } });
    await acme.records.changed({ type: 'invoice', id: '7', before: { ...overdue, total: 2_000 }, after: overdue });
    await acme.records.changed({ type: 'invoice', id: '7', before: overdue, after: sent });
    expect(await stage.eventsOf('record.invoice.created')).toMatchObject([{ entered: ['dunning', 'large'], left: [] }]);
    expect(await stage.eventsOf('record.invoice.updated')).toMatchObject([
      { entered: [], left: ['large'] },
      { entered: [], left: ['dunning'] },
    ]);
  });

  it('takes over the chain of what caused it', async () => {
    const cause = await stage.acme.events.publish('order.placed', { number: 'A-1' });
    const { eventId } = await stage.acme.records.changed({
      type: 'task',
      id: '1',
      before: null,
      after: { text: 'x' },
      causation: cause.eventId,
    });
    expect((await stage.acme.events.get(eventId ?? '')).event).toMatchObject({ causation: cause.eventId, correlation: cause.eventId });
  });

  it("is refused where its cause is another tenant's event, as where there is none", async () => {
    const theirs = await stage.hub.tenant('other').events.publish('order.placed', { number: 'A-1' });
    const change = { type: 'task', id: '1', before: null, after: { text: 'x' } } as const;
    const faults = [theirs.eventId, crypto.randomUUID(), 'none'].map((causation) => changed({ ...change, causation }).catch(String));
    expect(new Set(await Promise.all(faults)).size).toBe(1);
    expect(await stage.eventsOf('record.task.created')).toEqual([]);
  });

  it.each([
    ['an unknown type', { type: 'invoise' }, 'did you mean invoice?'],
    ['a type of Object.prototype', { type: 'toString' }, 'There is no record type toString'],
    ['no id', { id: '' }, 'id is text'],
    ['an id with control characters', { id: 'a\u0000' }, 'id is text'],
    ['an id that is no text', { id: 7 }, 'id is text'],
    ['a version that is none', { version: '' }, 'version is text'],
    ['a version that is too long', { version: 'x'.repeat(101) }, 'version is text'],
    ['neither before nor after', { before: null, after: null }, 'neither before nor after'],
    ['a record that its schema refuses', { after: { ...draft, total: 'x' } }, 'total'],
    ['a record that is no object', { after: 'x' }, 'is not valid'],
    ['an earlier record that is no object', { before: 'x' }, 'no object of JSON'],
    ['a time that no event has', { time: Number.NaN }, 'time'],
  ])('is refused with %s, and nothing is published', async (_what, part, words) => {
    const fault = await changed({ type: 'invoice', id: '7', before: null, after: draft, ...part }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'invalid_event', message: expect.stringContaining(words) });
    expect((await stage.acme.events.list()).items).toEqual([]);
  });

  it('is refused in a transaction by a storage that can join none', async () => {
    const change = { type: 'invoice', id: '7', before: null, after: draft, transaction: {} };
    await expect(changed(change)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('cannot be published by hand', async () => {
    const publish = stage.acme.events.publish as (...given: unknown[]) => Promise<unknown>;
    await expect(publish('record.invoice.created', {})).rejects.toMatchObject({ code: 'invalid_event' });
  });
});

describe('the types of records', () => {
  it('are shown to who builds automations', () => {
    const [invoice, task, note] = stage.acme.records.types();
    expect(invoice).toMatchObject({
      type: 'invoice',
      title: 'Invoice',
      description: null,
      schema: { type: 'object', properties: { total: { type: 'number' } } },
      views: [
        { name: 'dunning', title: 'To be dunned' },
        { name: 'large', title: null },
      ],
      links: [{ name: 'reminders', title: 'Reminders', to: 'task' }],
      actions: ['create', 'update', 'delete', 'link'],
    });
    expect([task?.actions, note?.actions]).toEqual([['create'], []]);
  });
});
