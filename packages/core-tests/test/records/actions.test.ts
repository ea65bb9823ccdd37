import { PatchbayError } from '@patchbay/core';
import type { RecordAdapter } from '@patchbay/core/host';
import { memoryRecords } from '@patchbay/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type BookStage, type BookStageOptions, bookStage, draft, say } from './book-stage.ts';
import { bookTypes } from './book-types.ts';

type Adapter = RecordAdapter<typeof bookTypes>;

const stages: BookStage[] = [];

async function open(options: BookStageOptions = {}): Promise<BookStage> {
  const stage = await bookStage(options);
  stages.push(stage);
  return stage;
}

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

/** Runs steps for an order, and answers how the run has ended. */
async function run(stage: BookStage, ...steps: readonly unknown[]) {
  const { automations, events, runs } = stage.acme;
  await automations.put('books', automations.parse({ trigger: { event: 'order.placed' }, steps }));
  const { eventId } = await events.publish('order.placed', { number: 'A-1' });
  await stage.settled();
  const { items } = await runs.list({ eventId });
  const { items: dispatches } = await stage.acme.dispatches.list({ eventId });
  const [first] = dispatches;
  return { eventId, run: items[0], dispatch: first, detail: first && (await stage.acme.dispatches.get(first.id)) };
}

const create = { id: 'make', action: 'record.create', input: { type: 'task', data: { text: 'Call {{ event.data.number }}' } } };
const update = (data: object, more: object = {}) => ({
  id: 'set',
  action: 'record.update',
  input: { type: 'invoice', id: '7', data, ...more },
});
const remove = (more: object = {}) => ({ id: 'drop', action: 'record.delete', input: { type: 'invoice', id: '7', ...more } });

/** An adapter whose first call of a method writes and loses its answer. */
const losing =
  (method: 'create' | 'update' | 'delete', parts: Partial<Adapter> = {}) =>
  (adapter: Adapter): Adapter => {
    let calls = 0;
    const sound = adapter[method] as (call: unknown) => Promise<never>;
    return {
      ...adapter,
      ...parts,
      [method]: async (call: unknown) => {
        const answer = await sound(call);
        calls += 1;
        if (calls === 1) throw new Error('the connection to the database is gone');
        return answer;
      },
    };
  };

describe('record actions', () => {
  it('create, link, update and delete, and hand what they made to later steps', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { run: ended } = await run(
      stage,
      create,
      { id: 'join', action: 'record.link', input: { type: 'invoice', id: '7', link: 'reminders', to: '{{ steps.make.output.id }}' } },
      update({ customer: '{{ steps.make.output.data.text }}' }),
      say('{{ steps.set.output.data.customer }} {{ steps.set.output.version }} {{ steps.join.output.to.type }}'),
      remove(),
    );
    expect(ended?.status).toBe('succeeded');
    expect(stage.said()).toEqual(['Call A-1 2 task']);
    expect(stage.books.links).toEqual([{ tenant: 'acme', link: 'reminders', from: 'invoice/7', to: 'task/task-1' }]);
    expect(stage.books.list('acme', 'invoice')).toEqual([]);
    expect(stage.books.list('acme', 'task')).toEqual([{ id: 'task-1', version: '1', data: { text: 'Call A-1' } }]);
  });

  it('are told of by the hub, in the chain of the event whose run made them', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { eventId } = await run(stage, create, update({ status: 'overdue' }), remove());
    const events = (await stage.acme.events.list()).items.map(({ event }) => event).filter(({ type }) => type.startsWith('record.'));
    expect(events.map(({ type }) => type).reverse()).toEqual(['record.task.created', 'record.invoice.updated', 'record.invoice.deleted']);
    expect(new Set(events.map(({ causation, correlation }) => `${causation} ${correlation}`))).toEqual(new Set([`${eventId} ${eventId}`]));
    expect(await stage.eventsOf('record.invoice.updated')).toMatchObject([
      { version: '2', before: draft, after: { ...draft, status: 'overdue' }, changed: ['status'], entered: ['dunning'] },
    ]);
    expect(new Set(stage.books.writes.map(({ causation }) => causation))).toEqual(new Set([eventId]));
  });

  it('start other automations, as a change of the host does', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft });
    await stage.acme.automations.put('dun', {
      trigger: { record: { type: 'invoice', on: 'enters_view', view: 'dunning' } },
      steps: [say('dun {{ event.data.id }}')],
    });
    await run(stage, update({ status: 'overdue' }));
    expect(stage.said()).toEqual(['dun 7']);
  });

  it('are named in a template with the types that they need, and found where they are', async () => {
    const stage = await open();
    const trigger = { record: { type: 'invoice', on: 'created' } };
    const { automations, templates } = stage.acme;
    await automations.put('call', automations.parse({ trigger, steps: [{ ...create, input: { type: 'task', data: { text: 'Call' } } }] }));
    const template = await automations.export('call');
    expect(template.records).toEqual(['invoice', 'task']);
    expect(await templates.check(template, {})).toMatchObject({ missing: [] });
    const { missing } = await templates.check({ ...template, records: ['invoice', 'order'] }, {});
    expect(missing.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['record order']);
  });

  it('stop after eight hops where an automation changes what it starts on', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft, total: 0 });
    const { automations, runs } = stage.acme;
    const input = { type: 'invoice', id: '{{ event.data.id }}', data: { total: '{{ event.data.after.total + 1 }}' } };
    const trigger = { record: { type: 'invoice', on: 'updated' } };
    await automations.put('count', automations.parse({ trigger, steps: [{ id: 'up', action: 'record.update', input }] }));
    await run(stage, update({ total: 1 }));
    const { items } = await runs.list({ status: 'failed' });
    expect(items.map(({ error }) => error?.code)).toEqual(['loop_stopped']);
    const changes = await stage.eventsOf('record.invoice.updated');
    expect(changes).toHaveLength(8);
    expect(stage.books.list('acme', 'invoice')).toMatchObject([{ data: { total: changes.length } }]);
  });

  it('name their cause link by link, where one starts the next', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft, total: 0 });
    await stage.acme.automations.put('count', {
      trigger: { record: { type: 'invoice', on: 'updated' } },
      when: { field: 'event.data.after.total', op: 'less_than', value: 4 },
      steps: [
        {
          id: 'up',
          action: 'record.update',
          input: { type: 'invoice', id: '{{ event.data.id }}', data: { total: '{{ event.data.after.total + 1 }}' } },
        },
      ],
    });
    const { eventId } = await run(stage, update({ total: 1 }));
    const { items } = await stage.acme.events.list({ type: 'record.invoice.updated' });
    const events = items.map(({ event }) => event).reverse();
    expect(events.map(({ data }) => (data as { after: { total: number } }).after.total)).toEqual([1, 2, 3, 4]);
    expect(events.map(({ causation }) => causation)).toEqual([eventId, ...events.slice(0, -1).map(({ id }) => id)]);
    expect(new Set(events.map(({ correlation }) => correlation))).toEqual(new Set([eventId]));
  });

  it('are left to the adapter to tell of, where it says so', async () => {
    const stage = await open({ books: memoryRecords({ types: bookTypes, writesToldBy: 'adapter' }) });
    await run(stage, create);
    expect(await stage.eventsOf('record.task.created')).toEqual([]);
  });

  it('act for the tenant of the run alone', async () => {
    const stage = await open();
    stage.books.put('other', 'invoice', '7', { ...draft });
    const { run: ended, detail } = await run(stage, update({ status: 'paid' }));
    expect(ended?.status).toBe('failed');
    expect(detail?.error).toMatchObject({ code: 'not_found', message: expect.stringContaining('invoice/7') });
    expect(stage.books.list('other', 'invoice')).toEqual([{ id: '7', version: '1', data: draft }]);
  });

  it('can be called without an automation, and then nothing has caused them', async () => {
    const stage = await open();
    const call = await stage.acme.actions.execute('record.create', { input: { type: 'task', data: { text: 'x' } }, idempotencyKey: 'k' });
    await stage.settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded', output: { type: 'task', id: 'task-1' } });
    expect(stage.books.writes).toMatchObject([{ method: 'create', causation: null }]);
    expect(await stage.eventsOf('record.task.created')).toMatchObject([{ id: 'task-1' }]);
  });

  it('take a number for an id, and share a lane by type', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch } = await run(stage, { id: 'set', action: 'record.update', input: { type: 'invoice', id: 7, data: { total: 8 } } });
    expect(dispatch?.status).toBe('succeeded');
    const { items } = await stage.storage.history.dispatches('acme', {}, { cursor: null, limit: 10 });
    expect(items.map(({ lane }) => lane)).toEqual(['record:invoice']);
  });
});

it('two updates at once are each told with what the other has left, so that a view is entered once', async () => {
  let looks = 0;
  const both = Promise.withResolvers<void>();
  const stage = await open({
    adapter: (adapter) => ({
      ...adapter,
      // Both look before either writes, and the host does not say how the record was.
      async get(call) {
        const found = await adapter.get(call);
        looks += 1;
        if (looks === 2) both.resolve();
        await both.promise;
        return found;
      },
      async update(call) {
        const answer = await adapter.update?.(call);
        return answer?.status === 'written' ? { status: 'written', record: answer.record } : (answer ?? { status: 'missing' });
      },
    }),
  });
  const { acme } = stage;
  stage.books.put('acme', 'invoice', '7', { ...draft, total: 50 });
  await acme.automations.put('dun', {
    trigger: { record: { type: 'invoice', on: 'enters_view', view: 'dunning' } },
    steps: [say('dunned')],
  });
  await acme.actions.execute('record.update', { input: { type: 'invoice', id: '7', data: { status: 'overdue' } } });
  await acme.actions.execute('record.update', { input: { type: 'invoice', id: '7', data: { total: 70 } } });
  await stage.settled();
  expect(stage.books.list('acme', 'invoice')).toMatchObject([{ data: { status: 'overdue', total: 70 } }]);
  const told = await stage.eventsOf('record.invoice.updated');
  expect(told.map((data) => Object(data)['changed']).toSorted()).toEqual([['status'], ['total']]);
  expect(stage.said()).toEqual(['dunned']);
});

describe('a write whose answer was lost', () => {
  it('is made again with its key where the adapter knows keys, so that there is one record, told once', async () => {
    const stage = await open({ adapter: losing('create') });
    const { dispatch } = await run(stage, create);
    expect(dispatch).toMatchObject({ status: 'succeeded', attempts: [{}, { outcome: 'succeeded' }] });
    expect(stage.books.list('acme', 'task')).toHaveLength(1);
    expect(new Set(stage.books.writes.map(({ key }) => key)).size).toBe(1);
    expect(await stage.eventsOf('record.task.created')).toHaveLength(1);
  });

  it('is held for a person where the adapter knows none', async () => {
    const stage = await open({
      adapter: (adapter) => {
        const { keyLifetimeMs: _none, ...keyless } = losing('create')(adapter);
        return keyless;
      },
    });
    const { dispatch } = await run(stage, create);
    expect(dispatch?.status).toBe('held');
    expect(stage.books.list('acme', 'task')).toHaveLength(1);
  });

  it('is told of, although nobody knows any more what the record was', async () => {
    const stage = await open({ adapter: losing('update') });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch } = await run(stage, update({ status: 'paid', total: 8 }));
    expect(dispatch?.status).toBe('succeeded');
    expect(await stage.eventsOf('record.invoice.updated')).toMatchObject([
      { before: null, after: { ...draft, status: 'paid', total: 8 }, changed: ['status', 'total'] },
    ]);
  });

  it('is no conflict with itself', async () => {
    const stage = await open({ adapter: losing('update') });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch, detail } = await run(stage, update({ status: 'paid' }, { expectedVersion: '1' }));
    expect(dispatch?.status).toBe('succeeded');
    expect(detail?.output).toMatchObject({ version: '2', data: { status: 'paid' } });
    expect(await stage.eventsOf('record.invoice.updated')).toHaveLength(1);
  });

  it('of a deletion is done where the record is gone, and told of', async () => {
    const stage = await open({ adapter: losing('delete') });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch } = await run(stage, remove());
    expect(dispatch?.status).toBe('succeeded');
    expect(await stage.eventsOf('record.invoice.deleted')).toHaveLength(1);
  });
});

describe('a write that is refused', () => {
  const failing = (answer: unknown) => (adapter: Adapter) => ({ ...adapter, update: async () => answer as never });

  it('over another version, changes nothing', async () => {
    const stage = await open();
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { run: ended, detail } = await run(stage, update({ status: 'paid' }, { expectedVersion: '9' }));
    expect(ended?.error).toMatchObject({ code: 'conflict', message: expect.stringContaining('It is at 1.') });
    expect(detail?.attempts).toHaveLength(1);
    expect(stage.books.list('acme', 'invoice')).toEqual([{ id: '7', version: '1', data: draft }]);
  });

  it.each([
    ['by a rule of the host', { status: 'refused', reason: 'The month is closed.' }, 'invalid_input', 'The month is closed.'],
    ['because there is none', { status: 'missing' }, 'not_found', 'invoice/7'],
  ])('%s fails at once', async (_what, answer, code, words) => {
    const stage = await open({ adapter: failing(answer) });
    const { run: ended, detail } = await run(stage, update({ status: 'paid' }));
    expect(ended?.error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(detail?.attempts).toHaveLength(1);
  });

  it('by an error of the adapter is tried again where that may help', async () => {
    let calls = 0;
    const stage = await open({
      adapter: (adapter) => ({
        ...adapter,
        async update(call) {
          calls += 1;
          if (calls === 1) throw new PatchbayError({ code: 'storage_unavailable', message: 'Not now.', retryable: true });
          return adapter.update?.(call) ?? { status: 'missing' };
        },
      }),
    });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch } = await run(stage, update({ status: 'paid' }));
    expect(dispatch).toMatchObject({ status: 'succeeded', attempts: [{}, { outcome: 'succeeded' }] });
    expect(await stage.eventsOf('record.invoice.updated')).toMatchObject([{ before: draft }]);
  });

  it.each([
    ['nothing', undefined],
    ['another status', { status: 'maybe' }],
    ['no record', { status: 'written' }],
    ['a record without an id', { status: 'written', record: { version: '1', data: {} } }],
  ])('is not known where the adapter answers %s', async (_what, answer) => {
    const stage = await open({ adapter: failing(answer) });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch } = await run(stage, update({ status: 'paid' }));
    expect(dispatch?.status).not.toBe('succeeded');
  });

  it('holds no secret of what the adapter threw', async () => {
    const stage = await open({
      adapter: (adapter) => ({
        ...adapter,
        update: async () => {
          throw new Error('password=hunter2');
        },
      }),
    });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { detail } = await run(stage, update({ status: 'paid' }));
    expect(JSON.stringify(detail)).not.toContain('hunter2');
  });
});

describe('a record that its schema refuses after the write', () => {
  it('is written, with a warning in place of its data, and told of to nobody', async () => {
    const stage = await open({
      adapter: (adapter) => ({
        ...adapter,
        update: async () => ({ status: 'written', record: { id: '7', version: '2', data: { total: 'many' } } }),
      }),
    });
    stage.books.put('acme', 'invoice', '7', { ...draft });
    const { dispatch, detail } = await run(stage, update({ status: 'paid' }));
    expect(dispatch?.status).toBe('succeeded');
    expect(detail?.output).toMatchObject({ id: '7', data: null });
    expect(detail?.attempts[0]?.warnings?.[0]).toContain('does not fit its type');
    expect(await stage.eventsOf('record.invoice.updated')).toEqual([]);
  });
});

describe('a step that cannot be', () => {
  it.each([
    ['an unknown type', { action: 'record.create', input: { type: 'taks', data: {} } }, 'there is no record type taks; did you mean task?'],
    ['a type that is worked out', { action: 'record.create', input: { type: '{{ event.type }}', data: {} } }, 'without an expression'],
    [
      'a type that is not for it',
      { action: 'record.update', input: { type: 'task', id: '1', data: {} } },
      'cannot be used with record.update',
    ],
    ['a type that may only be read', { action: 'record.delete', input: { type: 'note', id: '1' } }, 'cannot be used with record.delete'],
    ['data of the wrong kind', { action: 'record.update', input: { type: 'invoice', id: '1', data: { total: 'x' } } }, 'data.total'],
    [
      'data that it may not be given',
      { action: 'record.update', input: { type: 'invoice', id: '1', data: { stauts: 'paid' } } },
      'data.stauts: is nothing that may be given; did you mean status?',
    ],
    ['data that is missing', { action: 'record.create', input: { type: 'task', data: {} } }, 'data.text'],
    [
      'an unknown link',
      { action: 'record.link', input: { type: 'invoice', id: '1', link: 'reminder', to: '2' } },
      'did you mean reminders?',
    ],
    [
      'a link of another type',
      { action: 'record.link', input: { type: 'task', id: '1', link: 'x', to: '2' } },
      'cannot be used with record.link',
    ],
    ['no id', { action: 'record.delete', input: { type: 'invoice' } }, 'id'],
    ['a connection', { action: 'record.delete', connection: 'team', input: { type: 'invoice', id: '1' } }, 'connection'],
    ['a verb that there is not', { action: 'record.merge', input: {} }, 'record.merge'],
  ])('is refused with %s', async (_what, step, words) => {
    const { automations } = (await open()).acme;
    const put = async () => automations.put('books', automations.parse({ trigger: { manual: true }, steps: [{ id: 'a', ...step }] }));
    await expect(put()).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringContaining(words) });
  });

  it('is refused with a version where records have none', async () => {
    const stage = await open({ adapter: ({ versions: _none, ...adapter }) => adapter });
    const { automations } = stage.acme;
    const steps = [update({ status: 'paid' }, { expectedVersion: '1' })];
    const put = async () => automations.put('books', automations.parse({ trigger: { manual: true }, steps }));
    await expect(put()).rejects.toThrow('have no versions');
  });
});
