import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BookStage, bookStage, draft, say } from './book-stage.ts';

let stage: BookStage;

beforeEach(async () => {
  stage = await bookStage();
});
afterEach(() => stage.close());

const text = '{{ event.data.id }}: {{ event.type }}';

type Invoice = Readonly<Record<string, unknown>>;

/** Tells of a change of an invoice and lets the hub do what follows. */
async function change(before: Invoice | null, after: Invoice | null, id = '7'): Promise<string> {
  const { eventId } = await stage.acme.records.changed({ type: 'invoice', id, before, after });
  await stage.settled();
  return eventId ?? '';
}

/** Puts an automation with a trigger that nobody has checked. */
const put = (record: unknown) => {
  const { automations } = stage.acme;
  return automations.put('told', automations.parse({ trigger: { record }, steps: [say(text)] }));
};

const sent = { ...draft, status: 'sent' };
const overdue = { ...draft, status: 'overdue' };

describe('a trigger on a record', () => {
  it('starts on what is created, updated or deleted, each alone', async () => {
    for (const on of ['created', 'updated', 'deleted'] as const)
      await stage.acme.automations.put(on, { trigger: { record: { type: 'invoice', on } }, steps: [say(`${on} ${text}`)] });
    await change(null, draft);
    await change(draft, sent);
    await change(sent, null);
    expect(stage.said()).toEqual(['created', 'updated', 'deleted'].map((kind) => `${kind} 7: record.invoice.${kind}`));
  });

  it('starts where one of its fields has changed', async () => {
    await stage.acme.automations.put('fields', {
      trigger: { record: { type: 'invoice', on: 'field_changed', fields: ['status', 'customer'] } },
      steps: [say('{{ event.data.after.status }} {{ event.data.after.customer }}')],
      when: { field: 'event.data.after.customer', op: 'exists' },
    });
    await change(null, { ...draft, customer: 'Ada' });
    await change({ ...draft, customer: 'Ada' }, { ...draft, customer: 'Ada', total: 60 });
    await change(draft, { ...draft, customer: 'Ada' });
    await change({ ...draft, customer: 'Ada' }, { ...sent, customer: 'Ada', total: 60 });
    expect(stage.said()).toEqual(['draft Ada', 'sent Ada']);
  });

  it('starts when its condition becomes true, and not while it stays so', async () => {
    await put({ type: 'invoice', on: 'matches', condition: { field: 'record.status', op: 'equals', value: 'overdue' } });
    await change(draft, sent, 'never');
    await change(sent, overdue, 'now');
    await change(overdue, { ...overdue, total: 60 }, 'still');
    await change(overdue, sent, 'no more');
    await change(null, overdue, 'from the first');
    await change(overdue, null, 'gone');
    expect(stage.said()).toEqual(['now: record.invoice.updated', 'from the first: record.invoice.created']);
  });

  it('takes a condition that errs for one that does not hold', async () => {
    await put({ type: 'invoice', on: 'matches', condition: { cel: 'record.customer.startsWith("A")' } });
    await change(draft, { ...draft, customer: 'Ada' });
    await change({ ...draft, customer: 'Ada' }, draft);
    expect(stage.said()).toEqual(['7: record.invoice.updated']);
  });

  it('starts when a record enters a view, by a condition or by the adapter', async () => {
    await stage.acme.automations.put('view', {
      trigger: { record: { type: 'invoice', on: 'enters_view', view: 'dunning' } },
      steps: [say(`dun ${text}`)],
    });
    await stage.acme.automations.put('large', {
      trigger: { record: { type: 'invoice', on: 'enters_view', view: 'large' } },
      steps: [say(`large ${text}`)],
    });
    await change(sent, overdue, 'in');
    await change(overdue, { ...overdue, total: 60 }, 'stays');
    await change(sent, { ...overdue, total: 5 }, 'too small');
    await change(null, { ...sent, total: 1_000 }, 'big');
    expect(stage.said()).toEqual(['dun in: record.invoice.updated', 'large big: record.invoice.created']);
  });

  it('holds for its own tenant alone', async () => {
    await put({ type: 'invoice', on: 'created' });
    await stage.hub.tenant('other').records.changed({ type: 'invoice', id: '7', before: null, after: draft });
    await stage.settled();
    expect(stage.said()).toEqual([]);
  });

  it('stands beside a plain trigger on the same event, and a subscriber', async () => {
    const calls: string[] = [];
    stage.hub.subscribe('record.invoice.*', { name: 'index' }, ({ type }) => calls.push(type));
    await stage.acme.automations.put('plain', { trigger: { event: 'record.invoice.updated' }, steps: [say('plain')] });
    await put({ type: 'invoice', on: 'updated' });
    await change(draft, sent);
    expect(stage.said().toSorted()).toEqual(['7: record.invoice.updated', 'plain']);
    expect(calls).toEqual(['record.invoice.updated']);
  });

  it('says why it did not start', async () => {
    await stage.acme.automations.put('fields', {
      trigger: { record: { type: 'invoice', on: 'field_changed', fields: ['status'] } },
      steps: [say('x')],
    });
    await stage.acme.automations.put('matches', {
      trigger: { record: { type: 'invoice', on: 'matches', condition: { field: 'record.total', op: 'greater_than', value: 100 } } },
      steps: [say('x')],
    });
    await stage.acme.automations.put('view', {
      trigger: { record: { type: 'invoice', on: 'enters_view', view: 'dunning' } },
      steps: [say('x')],
    });
    const reasons = async (eventId: string) =>
      Object.fromEntries((await stage.acme.events.explain(eventId)).automations.map(({ name, reason }) => [name, reason]));
    expect(await reasons(await change(draft, { ...draft, total: 60 }))).toEqual({
      fields: 'None of status changed, but total.',
      matches: 'record.total: is not greater than 100, it is 60',
      view: 'It has not entered the view dunning; it has entered nothing.',
    });
    const held = await reasons(await change({ ...draft, total: 200 }, { ...draft, total: 300 }));
    expect(held['matches']).toBe('Its condition held before the change already.');
  });
});

describe('runs about one record', () => {
  const told = {
    trigger: { record: { type: 'invoice', on: 'updated' } },
    steps: [say('{{ event.data.id }} {{ event.data.after.total }}')],
  } as const;
  const step = (total: number, id = '7') =>
    stage.acme.records.changed({ type: 'invoice', id, before: { ...draft, total: total - 1 }, after: { ...draft, total } });
  const busy = () => {
    throw new PatchbayError({ code: 'provider_unavailable', message: 'Nobody is there. Come again.', retryable: true });
  };

  it('go one after another in the order of the changes, and keep no other record waiting', async () => {
    await stage.acme.automations.put('told', told);
    stage.desk.next('say', busy);
    for (const total of [1, 2, 3]) await step(total);
    await step(9, '8');
    await stage.hub.work();
    expect(stage.said()).toEqual(['7 1', '8 9']);
    await stage.settled();
    expect(stage.said().slice(2)).toEqual(['7 1', '7 2', '7 3']);
  });

  it('go side by side where the trigger says so', async () => {
    await stage.acme.automations.put('told', { ...told, trigger: { record: { type: 'invoice', on: 'updated', ordered: false } } });
    stage.desk.next('say', busy);
    for (const total of [1, 2]) await step(total);
    await stage.hub.work();
    expect(stage.said()).toEqual(['7 1', '7 2']);
  });

  it('keep to the ordering of the automation, where it has one', async () => {
    await stage.acme.automations.put('told', { ...told, ordering: { key: '{{ event.data.after.number }}' } });
    stage.desk.next('say', busy);
    await step(1);
    await step(9, '8');
    await stage.hub.work();
    expect(stage.said()).toEqual(['7 1']);
  });
});

describe('a trigger that cannot be', () => {
  it.each([
    ['an unknown type', { type: 'invoise', on: 'created' }, 'trigger.record.type: there is no record type invoise; did you mean invoice?'],
    [
      'an unknown field',
      { type: 'invoice', on: 'field_changed', fields: ['total', 'statsu'] },
      'trigger.record.fields: invoice has no statsu; did you mean status?',
    ],
    [
      'an unknown view',
      { type: 'invoice', on: 'enters_view', view: 'duning' },
      'trigger.record.view: invoice has no view duning; did you mean dunning?',
    ],
    ['a view of a type without views', { type: 'task', on: 'enters_view', view: 'x' }, 'task has no view x; there are none'],
    [
      'an unknown field in its condition',
      { type: 'invoice', on: 'matches', condition: { cel: 'record.totall > 1.0' } },
      'trigger.record.condition: a record has no totall; did you mean total?',
    ],
    [
      'a condition over the event',
      { type: 'invoice', on: 'matches', condition: { field: 'event.type', op: 'exists' } },
      'trigger.record.condition',
    ],
    ['no condition', { type: 'invoice', on: 'matches' }, 'trigger.record.condition'],
    ['no fields', { type: 'invoice', on: 'field_changed', fields: [] }, 'trigger.record.fields'],
    ['another kind', { type: 'invoice', on: 'looked_at' }, 'trigger.record.on'],
    ['a member that there is not', { type: 'invoice', on: 'created', fields: ['status'] }, 'trigger.record'],
    ['no type', { on: 'created' }, 'trigger.record.type'],
  ])('is refused with %s', async (_what, record, words) => {
    const { automations } = stage.acme;
    const parse = () => automations.parse({ trigger: { record }, steps: [say('x')] });
    expect(parse).toThrow(expect.objectContaining({ code: 'automation_invalid', message: expect.stringContaining(words) }));
  });
});

describe('what an automation reads of a record', () => {
  it.each([
    ['after the change', '{{ event.data.after.totl }}', 'event.data.after has no member "totl"; did you mean "total"'],
    ['of the change', '{{ event.data.chnged }}', 'did you mean "changed"'],
  ])('is refused where no record has it: %s', async (_what, template, message) => {
    const { automations } = stage.acme;
    const steps = [say(template)];
    for (const trigger of [{ record: { type: 'invoice', on: 'updated' } }, { event: 'record.invoice.updated' }])
      expect(() => automations.parse({ trigger, steps })).toThrow(message);
  });

  it('may be what it was before, which may be older than its schema', async () => {
    await stage.acme.automations.put('told', {
      trigger: { record: { type: 'invoice', on: 'updated' } },
      steps: [say('{{ has(event.data.before.once) ? event.data.before.once : event.data.after.number }}')],
    });
    await change(draft, sent);
    expect(stage.said()).toEqual([draft.number]);
  });
});
