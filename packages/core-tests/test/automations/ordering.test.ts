import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

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

const [ticket, tell] = orderAutomation.steps;
const title = '{{ event.data.number }} {{ event.data.amount }}';
const steps = [
  { ...ticket, input: { title } },
  { ...tell, input: { text: `told ${title}` } },
] as const;
const key = '{{ event.data.number }}';
const inOrder = { ...orderAutomation, steps, ordering: { key } };
const blocking = { ...inOrder, ordering: { key, onDead: 'block' } } as const;

/** Places orders of one number, one after another, from whichever process. */
async function place(number: string, amounts: readonly number[], from: DeskProcess = office): Promise<string[]> {
  const ids: string[] = [];
  for (const amount of amounts) ids.push((await from.hub.tenant('acme').events.publish('order.placed', { number, amount })).eventId);
  return ids;
}

/** What the services were asked for, in order, of one number. */
const done = (number: string): string[] =>
  stage.desk.calls.flatMap(({ input }) => {
    const { title: filed = '', text = '' } = input as { title?: string; text?: string };
    return `${filed}${text}`.includes(number) ? [`${filed}${text}`.replace(`${number} `, '')] : [];
  });

const refuse = () => {
  throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refuses it. Correct it.' });
};
const busy = () => {
  throw new PatchbayError({ code: 'provider_unavailable', message: 'The desk is closed. Come again.', retryable: true });
};

const ticketOf = async (eventId: string | undefined) =>
  (await acme.dispatches.list({ eventId: eventId ?? '' })).items.find(({ path }) => path === 'ticket');

describe('runs with one ordering key', () => {
  it('go one after another, each to its end, in the order of their events', async () => {
    await acme.automations.put('order', inOrder);
    await place('A', [1, 2, 3]);
    await office.settled();
    expect(done('A')).toEqual(['1', 'told 1', '2', 'told 2', '3', 'told 3']);
  });

  it('wait where a run of the key waits to try again, and keep no other key waiting', async () => {
    await acme.automations.put('order', inOrder);
    stage.desk.next('file_ticket', busy);
    await place('A', [1, 2]);
    await place('B', [1]);
    await office.hub.work();
    expect(done('A')).toEqual(['1']);
    expect(done('B')).toEqual(['1', 'told 1']);
    await office.settled();
    expect(done('A')).toEqual(['1', '1', 'told 1', '2', 'told 2']);
  });

  it('wait where the connection of the first is away', async () => {
    await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
    await acme.automations.put('order', { ...inOrder, steps: [{ ...steps[0], connection: 'second' }, steps[1]] });
    await place('A', [1]);
    await acme.connections.disconnect('second');
    await office.settled();
    await acme.automations.put('order', inOrder);
    await place('A', [2]);
    await office.settled();
    expect(done('A')).toEqual([]);
    await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'new-token' } });
    await office.settled();
    expect(done('A')).toEqual(['1', 'told 1', '2', 'told 2']);
  });

  it('go side by side in two automations', async () => {
    await acme.automations.put('order', inOrder);
    await acme.automations.put('other', { ...inOrder, steps: [{ ...tell, input: { text: `other ${title}` } }] });
    stage.desk.next('file_ticket', busy);
    await place('A', [1]);
    await office.hub.work();
    expect(done('A').toSorted()).toEqual(['1', 'other 1']);
  });

  it('keep their order over two processes that take events in and route them at once', async () => {
    const other = stage.process();
    await acme.automations.put('order', inOrder);
    const amounts = Array.from({ length: 12 }, (_, index) => index + 1);
    for (const amount of amounts) await place('A', [amount], amount % 2 === 0 ? office : other);
    for (let turn = 0; turn < 4; turn += 1) await Promise.all([office.hub.work(), other.hub.work()]);
    expect(done('A')).toEqual(amounts.flatMap((amount) => [`${amount}`, `told ${amount}`]));
  });

  it('go on in order in another process when the first has stopped', async () => {
    await acme.automations.put('order', inOrder);
    stage.desk.next('file_ticket', () => {
      void office.hub.stop();
      return { key: 'T-1', title: 'kept' };
    });
    await place('A', [1, 2, 3]);
    await office.hub.work();
    expect(done('A')).toEqual(['1']);
    await stage.process().settled();
    expect(done('A')).toEqual(['1', 'told 1', '2', 'told 2', '3', 'told 3']);
  });

  it('begin at once in a started worker that has taken the event in', async () => {
    await acme.automations.put('order', inOrder);
    await office.hub.start();
    const finished = new Promise((resolve) => office.hub.on('run.finished', resolve));
    // The clock stands still: nothing is found by looking again later.
    await place('A', [1]);
    expect(await finished).toMatchObject({ status: 'succeeded' });
  });

  it('take a replay in behind what is there', async () => {
    await acme.automations.put('order', inOrder);
    const [first] = await place('A', [1]);
    await office.settled();
    stage.desk.next('file_ticket', busy);
    await place('A', [2, 3]);
    await office.hub.work();
    await acme.events.replay(first ?? '', { all: true });
    await office.settled();
    expect(done('A')).toEqual(['1', 'told 1', '2', '2', 'told 2', '3', 'told 3', '1', 'told 1']);
  });
});

describe('a run of an ordering key that fails', () => {
  it('lets the next begin, and comes next when it is tried again', async () => {
    await acme.automations.put('order', inOrder);
    stage.desk.next('file_ticket', refuse);
    const [first] = await place('A', [1, 2]);
    await office.settled();
    expect(done('A')).toEqual(['1', '2', 'told 2']);
    await place('A', [3]);
    await acme.dispatches.retry((await ticketOf(first))?.id ?? '');
    await office.settled();
    expect(done('A').slice(3)).toEqual(['1', 'told 1', '3', 'told 3']);
  });

  it('keeps nobody waiting with its escalation, wherever that waits', async () => {
    await acme.connections.put('away', { connector: 'chat', credential: { type: 'bearer', token: 'chat-token' } });
    const escalation = { action: 'chat.say', connection: 'away', input: { text: `stuck ${title}` } } as const;
    await acme.automations.put('order', { ...inOrder, escalation });
    await acme.connections.disconnect('away');
    stage.desk.next('file_ticket', refuse);
    await place('A', [1, 2]);
    await office.settled();
    expect(done('A')).toEqual(['1', '2', 'told 2']);
  });

  it('keeps the others waiting, where it blocks, until it is tried again; people are told at once', async () => {
    const escalation = { action: 'chat.say', connection: 'team', input: { text: `stuck ${title}` } } as const;
    await acme.automations.put('order', { ...blocking, escalation });
    stage.desk.next('file_ticket', refuse);
    const [first] = await place('A', [1, 2]);
    await office.settled();
    expect(done('A')).toEqual(['1', 'stuck 1']);
    await acme.dispatches.retry((await ticketOf(first))?.id ?? '');
    await office.settled();
    expect(done('A').slice(2)).toEqual(['1', 'told 1', '2', 'told 2']);
  });

  it('keeps the others waiting, where it blocks, until it is given up', async () => {
    await acme.automations.put('order', blocking);
    stage.desk.next('file_ticket', refuse);
    const [first, second] = await place('A', [1, 2]);
    await office.settled();
    expect(done('A')).toEqual(['1']);
    const dead = await ticketOf(first);
    expect(await acme.dispatches.cancel(dead?.id ?? '')).toMatchObject({ status: 'cancelled' });
    expect((await acme.runs.list({ eventId: first ?? '' })).items).toMatchObject([{ status: 'cancelled' }]);
    await office.settled();
    expect(done('A')).toEqual(['1', '2', 'told 2']);
    expect((await acme.runs.list({ eventId: second ?? '' })).items).toMatchObject([{ status: 'succeeded' }]);
  });

  it('is given up only where it blocks', async () => {
    await acme.automations.put('order', inOrder);
    stage.desk.next('file_ticket', refuse);
    const [first] = await place('A', [1]);
    await office.settled();
    const cancelling = acme.dispatches.cancel((await ticketOf(first))?.id ?? '');
    await expect(cancelling).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('The dispatch is dead') });
  });

  it('lets the next begin when it is cancelled', async () => {
    await acme.automations.put('order', inOrder);
    stage.desk.next('file_ticket', busy);
    const [first] = await place('A', [1, 2]);
    await office.hub.work();
    const [run] = (await acme.runs.list({ eventId: first ?? '' })).items;
    await acme.runs.cancel(run?.id ?? '');
    await office.settled();
    expect(done('A')).toEqual(['1', '2', 'told 2']);
  });

  it('sends nothing where its key cannot be worked out, and keeps nobody waiting', async () => {
    await acme.automations.put('order', { ...inOrder, ordering: { key: '{{ event.data.json.id }}' } });
    const { eventId } = await acme.events.publish('order.placed', { number: 'A', amount: 1 });
    await acme.events.publish('order.placed', { number: 'A', amount: 2, json: { id: 7 } });
    await office.settled();
    expect(done('A')).toEqual(['2', 'told 2']);
    const error = { code: 'expression_failed', message: expect.stringMatching(/^The ordering key cannot be worked out: /) };
    expect((await acme.runs.list({ eventId })).items).toMatchObject([{ status: 'failed', error }]);
  });
});

describe('an ordering', () => {
  it.each([
    ['without an expression', { key: 'all' }, 'ordering.key: it holds no expression'],
    ['that reads what no event has', { key: '{{ event.dat.number }}' }, 'ordering.key: an event has no attribute dat'],
    ['that reads a step', { key: '{{ steps.ticket.output.key }}' }, 'ordering.key: '],
    ['with another word', { key, onDead: 'wait' }, 'ordering.onDead'],
    ['with more in it', { key, limit: 1 }, 'ordering'],
  ])('is refused %s', async (_what, ordering, fault) => {
    const put = acme.automations.put('order', { ...inOrder, ordering: ordering as typeof blocking.ordering });
    await expect(put).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringContaining(fault) });
  });

  it('is kept with the automation', async () => {
    await acme.automations.put('order', blocking);
    expect((await acme.automations.get('order')).definition.ordering).toEqual({ key, onDead: 'block' });
  });
});
