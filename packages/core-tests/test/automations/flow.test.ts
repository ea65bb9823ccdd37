import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process({ retry: { maximumAttempts: 2 } });
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const file = <Id extends string>(id: Id, title: string) =>
  ({ id, action: 'desk.file_ticket', connection: 'main', input: { title } }) as const;
const say = <Id extends string>(id: Id, text: string) => ({ id, action: 'chat.say', connection: 'team', input: { text } }) as const;
const onOrder = { event: 'order.placed' } as const;

const refuse = () => {
  throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refuses it. Correct it.' });
};

async function place(number: string, more: object = {}): Promise<string> {
  return (await acme.events.publish('order.placed', { number, ...more })).eventId;
}

/** What was said, in order. */
const said = (): string[] => stage.desk.callsOf('say').map(({ input }) => (input as { text: string }).text);

async function onlyRun(eventId: string) {
  const { items } = await acme.runs.list({ eventId });
  expect(items).toHaveLength(1);
  return acme.runs.get(items[0]?.id ?? '');
}

const minute = 60_000;

describe('a run with control steps', () => {
  it('branches, loops, computes and mends, and its history has the nested places', async () => {
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [
        { id: 'note', action: 'flow.set', vars: { title: 'Order {{ event.data.number }}' } },
        {
          id: 'size',
          action: 'flow.branch',
          branches: [{ when: { cel: 'event.data.amount > 100.0' }, steps: [say('large', 'Large: {{ vars.title }}')] }],
          else: [say('small', 'Small: {{ vars.title }}')],
        },
        {
          id: 'rows',
          action: 'flow.each',
          list: '{{ event.data.json }}',
          concurrency: 2,
          collect: '{{ steps.row.output == null ? "none" : steps.row.output.key }}',
          steps: [{ ...file('row', '{{ item }} at {{ index }}'), onError: { steps: [say('away', 'Not filed: {{ failure.step }}')] } }],
        },
        { id: 'sum', action: 'flow.transform', value: '{{ steps.rows.output.items.join(",") }}' },
        say('last', 'Filed {{ steps.sum.output }}'),
      ],
    });
    stage.desk.next(
      'file_ticket',
      () => ({ key: 'T-a', title: 'a' }),
      refuse,
      () => ({ key: 'T-c', title: 'c' }),
    );
    const eventId = await place('A-1', { amount: 500, json: ['a', 'b', 'c'] });
    await office.settled();
    const run = await onlyRun(eventId);
    expect(run).toMatchObject({ status: 'succeeded', error: null, vars: { title: 'Order A-1' } });
    expect(said()).toEqual([
      'Large: Order A-1',
      expect.stringMatching(/^Not filed: rows\[[012]\]\/row$/),
      expect.stringMatching(/^Filed /),
    ]);
    expect(run.steps.map(({ path }) => path).sort()).toEqual([
      'last',
      'rows[0]/row',
      'rows[1]/row',
      'rows[1]/row:error/away',
      'rows[2]/row',
      'size/large',
    ]);
    expect(new Set(run.steps.map(({ id }) => id)).size).toBe(6);
    expect(run.outputs).toMatchObject({ size: { branch: 0 }, rows: { count: 3 }, sum: expect.stringContaining('T-a') });
  });

  it('that failed in its error path stays as it is when the dispatch behind it is retried by hand', async () => {
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [{ ...file('ticket', 'x'), onError: { steps: [say('tell', 'mended')] } }, say('last', 'last')],
    });
    stage.desk.next('file_ticket', refuse);
    const eventId = await place('A-1');
    await office.settled();
    const { steps, status } = await onlyRun(eventId);
    expect(status).toBe('succeeded');
    await acme.dispatches.retry(steps.find(({ path }) => path === 'ticket')?.id ?? '');
    await office.settled();
    expect(await onlyRun(eventId)).toMatchObject({ status: 'succeeded', outputs: { ticket: null } });
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(2);
    expect(said()).toEqual(['mended', 'last']);
  });

  it('that failed inside of a loop goes on there when the dispatch is retried', async () => {
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [
        {
          id: 'rows',
          action: 'flow.each',
          list: ['a', 'b'],
          steps: [file('row', '{{ item }}'), say('done', '{{ steps.row.output.title }}')],
        },
      ],
    });
    stage.desk.next('file_ticket', refuse);
    const eventId = await place('A-1');
    await office.settled();
    const { steps, status } = await onlyRun(eventId);
    expect([status, said()]).toEqual(['failed', []]);
    await acme.dispatches.retry(steps[0]?.id ?? '');
    await office.settled();
    expect((await onlyRun(eventId)).status).toBe('succeeded');
    expect(said()).toEqual(['a', 'b']);
  });
});

describe('a delay', () => {
  it.each([
    ['a length', { for: '90s' }],
    ['a time', { until: '{{ event.data.json }}' }],
  ] as const)('waits for %s on the clock of the store, without an attempt in between', async (_what, wait) => {
    await acme.automations.put('order', { trigger: onOrder, steps: [{ id: 'nap', action: 'flow.delay', ...wait }, say('last', 'later')] });
    const eventId = await place('A-1', { json: stage.clock.now() + 90_000 });
    await office.settled(1);
    await stage.clock.advance(89_000);
    await office.settled(1);
    expect(said()).toEqual([]);
    await stage.clock.advance(1_000);
    await office.settled(1);
    expect(said()).toEqual(['later']);
    const [nap] = (await onlyRun(eventId)).steps;
    expect(nap).toMatchObject({ path: 'nap', operation: 'delay', attemptCount: 1 });
  });
});

describe('a wait', () => {
  const paid = {
    id: 'paid',
    action: 'flow.wait',
    event: 'order.cancelled',
    when: { cel: 'incoming.data.number == event.data.number && steps.ask.output.said == "asked"' },
    timeout: '1h',
  } as const;
  const waiting = {
    trigger: onOrder,
    steps: [say('ask', 'asked'), paid, say('last', '{{ steps.paid.output.event.data.number }} came')],
  } as const;

  it('ends with the event that its condition takes, and with no other', async () => {
    await acme.automations.put('order', waiting);
    const [first, second] = [await place('A-1'), await place('A-2')];
    await office.settled(minute);
    await acme.events.publish('order.cancelled', { number: 'A-2' });
    await office.settled(minute);
    expect(said()).toEqual(['asked', 'asked', 'A-2 came']);
    expect([(await onlyRun(first)).status, (await onlyRun(second)).status]).toEqual(['running', 'succeeded']);
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await office.settled(minute);
    expect((await onlyRun(first)).status).toBe('succeeded');
  });

  it('goes on although others that wait for the same cannot be looked at', async () => {
    await acme.automations.put('order', { ...waiting, steps: [{ ...paid, when: { cel: 'incoming.data.number == "all"' } }] });
    const away = await Promise.all(Array.from({ length: 9 }, () => place('A-1')));
    const there = await Promise.all(Array.from({ length: 9 }, () => place('A-2')));
    await office.settled(minute);
    const { history } = stage.storage;
    const dispatch: typeof history.dispatch = async (key) => {
      if (!away.includes(key.root)) return history.dispatch(key);
      throw new PatchbayError({ code: 'storage_unavailable', message: 'This row is away. Try again.', retryable: true });
    };
    const troubled = stage.process({ storage: { ...stage.storage, history: { ...history, dispatch } } });
    await acme.events.publish('order.cancelled', { number: 'all' });
    await troubled.settled(1);
    const statuses = async (ids: readonly string[]) => new Set(await Promise.all(ids.map(async (id) => (await onlyRun(id)).status)));
    expect([await statuses(away), await statuses(there)]).toEqual([new Set(['running']), new Set(['succeeded'])]);
    await office.settled(minute);
    expect(await statuses(away)).toEqual(new Set(['succeeded']));
  });

  it('takes an event that came while the step before it was under way', async () => {
    await acme.automations.put('order', waiting);
    stage.desk.next('say', async () => {
      await acme.events.publish('order.cancelled', { number: 'A-1' });
      return { said: 'asked' };
    });
    await place('A-1');
    await office.settled(minute);
    expect(said()).toEqual(['asked', 'A-1 came']);
  });

  it('takes none that was there before the run, and not its own', async () => {
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await stage.clock.advance(1_000);
    await acme.automations.put('order', waiting);
    await place('A-1');
    await office.settled(minute);
    expect(said()).toEqual(['asked']);
  });

  it('of one event is one resumption, however often its type comes and whoever looks', async () => {
    await acme.automations.put('order', waiting);
    const eventId = await place('A-1');
    await office.settled(minute);
    for (let count = 0; count < 5; count += 1) await acme.events.publish('order.cancelled', { number: 'A-1' });
    const other = stage.process();
    await Promise.all([office.hub.work(), other.hub.work()]);
    await office.settled(minute);
    expect(said()).toEqual(['asked', 'A-1 came']);
    expect((await onlyRun(eventId)).steps).toHaveLength(3);
  });

  it('behind another of the same type takes another event', async () => {
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [
        { id: 'one', action: 'flow.wait', event: 'order.cancelled', timeout: '1h' },
        { id: 'two', action: 'flow.wait', event: 'order.cancelled', timeout: '1h' },
        say('last', '{{ steps.one.output.event.data.number }} {{ steps.two.output.event.data.number }}'),
      ],
    });
    await place('A-1');
    await office.settled(minute);
    await acme.events.publish('order.cancelled', { number: 'X' });
    await office.settled(minute);
    expect(said()).toEqual([]);
    await acme.events.publish('order.cancelled', { number: 'Y' });
    await office.settled(minute);
    expect(said()).toEqual(['X Y']);
  });

  it('whose time passes fails the run, or goes on where it says so', async () => {
    await acme.automations.put('order', waiting);
    await acme.automations.put('other', {
      trigger: onOrder,
      steps: [
        { ...paid, when: { cel: 'true' }, timeout: '30m', onTimeout: 'continue' },
        say('last', 'timed out: {{ steps.paid.output.timedOut }}'),
      ],
    });
    const eventId = await place('A-1');
    await office.settled(45 * minute);
    expect(said()).toEqual(['asked', 'timed out: true']);
    await office.settled(30 * minute);
    const { items } = await acme.runs.list({ eventId });
    expect(items.map(({ automationName, status, error }) => [automationName, status, error?.code]).sort()).toEqual([
      ['order', 'failed', 'timeout'],
      ['other', 'succeeded', undefined],
    ]);
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await office.settled(minute);
    expect(said()).toHaveLength(2);
  });

  it('of a version that is not the automation any more is found by its own look', async () => {
    await acme.automations.put('order', waiting);
    const eventId = await place('A-1');
    await office.settled(minute);
    await acme.automations.put('order', { trigger: onOrder, steps: [say('only', 'new')] });
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await office.settled(minute);
    expect((await onlyRun(eventId)).status).toBe('running');
    await office.settled(10 * minute);
    expect((await onlyRun(eventId)).status).toBe('succeeded');
  });

  it('ends with its run when that is cancelled', async () => {
    await acme.automations.put('order', waiting);
    const eventId = await place('A-1');
    await office.settled(minute);
    await acme.runs.cancel((await onlyRun(eventId)).id);
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await office.settled(2 * 60 * minute);
    expect(await onlyRun(eventId)).toMatchObject({ status: 'cancelled' });
    expect(said()).toEqual(['asked']);
  });
});

describe('another automation', () => {
  const billing = { trigger: { manual: true }, steps: [file('ticket', 'Bill {{ event.data.total }}')] } as const;

  it('is started once, with data of its own, and gives its outputs', async () => {
    await acme.automations.put('billing', billing);
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [
        { id: 'bill', action: 'flow.run', automation: 'billing', input: { total: '{{ event.data.amount }}' } },
        say('last', '{{ steps.bill.output.outputs.ticket.title }}'),
      ],
    });
    const eventId = await place('A-1', { amount: 12 });
    await office.settled();
    expect(said()).toEqual(['Bill 12']);
    const runs = (await acme.runs.list()).items;
    expect(runs.map(({ automationName, status }) => [automationName, status]).sort()).toEqual([
      ['billing', 'succeeded'],
      ['order', 'succeeded'],
    ]);
    const begun = await acme.events.get(runs.find(({ automationName }) => automationName === 'billing')?.eventId ?? '');
    expect(begun).toMatchObject({ event: { causation: eventId, correlation: eventId, data: { total: 12 } } });
  });

  it('that fails fails its step, which may mend it', async () => {
    await acme.automations.put('billing', billing);
    const bill = { id: 'bill', action: 'flow.run', automation: 'billing', input: { total: 1 } } as const;
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [{ ...bill, onError: { steps: [say('tell', '{{ failure.message }}')] } }],
    });
    stage.desk.next('file_ticket', refuse);
    await place('A-1');
    await office.settled();
    expect(said()).toEqual([expect.stringContaining('The run of billing has not succeeded: The desk refuses it')]);
  });

  it('need not be waited for', async () => {
    await acme.automations.put('billing', { ...billing, steps: [{ id: 'nap', action: 'flow.delay', for: '1h' }, ...billing.steps] });
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [{ id: 'bill', action: 'flow.run', automation: 'billing', wait: false }, say('last', 'begun')],
    });
    await place('A-1');
    await office.settled(minute);
    expect(said()).toEqual(['begun']);
  });

  it.each([
    ['that is not there', 'nowhere', 'There is no automation nowhere'],
    ['that starts on an event', 'order', 'does not start by being asked'],
  ])('%s fails the step with the reason', async (_what, automation, message) => {
    await acme.automations.put('order', { trigger: onOrder, steps: [{ id: 'bill', action: 'flow.run', automation }] });
    const eventId = await place('A-1');
    await office.settled();
    expect(await onlyRun(eventId)).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(message) } });
  });
});
