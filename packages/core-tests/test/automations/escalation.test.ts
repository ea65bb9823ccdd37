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

const text = 'Order {{ event.data.number }} is stuck at {{ failure.step }}: {{ failure.code }}. {{ failure.message }}';
const escalation = { action: 'chat.say', connection: 'team', input: { text } } as const;
const escalating = { ...orderAutomation, escalation };

const refuse = () => {
  throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refuses it. Correct it.' });
};
const busy = () => {
  throw new PatchbayError({ code: 'provider_unavailable', message: 'The desk is closed. Come again.', retryable: true });
};

async function place() {
  const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
  await office.settled();
  return onlyRun(eventId);
}

async function onlyRun(eventId: string) {
  const { items } = await acme.runs.list({ eventId });
  expect(items).toHaveLength(1);
  return acme.runs.get(items[0]?.id ?? '');
}

const said = () => stage.desk.callsOf('say').map(({ input }) => input);

describe('an escalation', () => {
  it('is sent once when a dispatch dies at once, with what failed and why', async () => {
    await acme.automations.put('order', escalating);
    stage.desk.next('file_ticket', refuse);
    const run = await place();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'provider_rejected' } });
    expect(run.steps.map(({ path, status, action }) => [path, status, action])).toEqual([
      ['ticket', 'dead', 'desk.file_ticket'],
      ['escalation.1', 'succeeded', 'chat.say'],
    ]);
    expect(said()).toEqual([{ text: 'Order A-1 is stuck at ticket: provider_rejected. The desk refuses it. Correct it.' }]);
  });

  it('is sent when the attempts are used up, and not for those before', async () => {
    await acme.automations.put('order', escalating);
    stage.desk.next('file_ticket', busy, busy);
    await place();
    expect(said()).toEqual([{ text: expect.stringContaining('is stuck at ticket: provider_unavailable.') }]);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(2);
  });

  it('is not sent where the run succeeds, nor where it is cancelled', async () => {
    await acme.automations.put('order', escalating);
    await place();
    await acme.connections.disconnect('main');
    const { id } = await onlyRun((await acme.events.publish('order.placed', { number: 'A-2' })).eventId);
    await acme.runs.cancel(id);
    await office.settled();
    expect(said()).toEqual([{ text: 'Filed T-1' }]);
  });

  it('is sent again when a person has tried the step again in vain, and the run goes on when it succeeds', async () => {
    await acme.automations.put('order', escalating);
    stage.desk.next('file_ticket', refuse, refuse);
    const run = await place();
    const [ticket] = run.steps;
    await acme.dispatches.retry(ticket?.id ?? '');
    await office.settled();
    expect(said()).toHaveLength(2);
    await acme.dispatches.retry(ticket?.id ?? '');
    await office.settled();
    const ended = await acme.runs.get(run.id);
    expect(ended).toMatchObject({ status: 'succeeded', error: null });
    expect(ended.steps.map(({ path, status }) => [path, status]).toSorted()).toEqual([
      ['escalation.1', 'succeeded'],
      ['escalation.2', 'succeeded'],
      ['tell', 'succeeded'],
      ['ticket', 'succeeded'],
    ]);
    expect(new Set(stage.desk.callsOf('say').map(({ key }) => key)).size).toBe(3);
  });

  it('is a matter of its own: what a person does with it changes nothing about its run', async () => {
    await acme.automations.put('order', escalating);
    stage.desk.next('file_ticket', refuse);
    stage.desk.next('say', refuse, busy);
    const { id, steps, error } = await place();
    const [ticket, told] = steps;
    await acme.dispatches.retry(told?.id ?? '');
    await office.settled(0);
    await acme.dispatches.cancel(told?.id ?? '');
    expect(await acme.runs.get(id)).toMatchObject({ status: 'failed', error });
    await acme.dispatches.retry(told?.id ?? '');
    await office.settled();
    expect(await acme.runs.get(id)).toMatchObject({ status: 'failed', error });
    expect(said()).toHaveLength(3);

    await acme.dispatches.retry(ticket?.id ?? '');
    await office.settled();
    expect(await acme.runs.get(id)).toMatchObject({ status: 'succeeded' });
    expect(await acme.events.replay((await acme.runs.get(id)).eventId)).toEqual({ runIds: [], dispatchIds: [] });
  });

  it('that dies is seen among the dead, and escalates nothing further', async () => {
    await acme.automations.put('order', escalating);
    stage.desk.next('file_ticket', refuse);
    stage.desk.next('say', refuse);
    const run = await place();
    expect(run.steps.map(({ path, status }) => [path, status])).toEqual([
      ['ticket', 'dead'],
      ['escalation.1', 'dead'],
    ]);
    expect(run.error?.message).toBe('The desk refuses it. Correct it.');
    expect(office.noticesOf('dispatch.dead')).toHaveLength(2);
  });

  it('is sent for a run that fails before its first step, and for one whose later step cannot be planned', async () => {
    const [ticket, tell] = orderAutomation.steps;
    await acme.automations.put('order', { ...escalating, steps: [{ ...ticket, input: { title: '{{ event.data.more.missing }}' } }, tell] });
    const first = await place();
    expect(first.steps.map(({ path, status }) => [path, status])).toEqual([['escalation.1', 'succeeded']]);
    expect(said()).toEqual([{ text: expect.stringContaining('is stuck at ticket: expression_failed.') }]);

    await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
    await acme.automations.put('order', { ...escalating, steps: [ticket, { ...ticket, id: 'again', connection: 'second' }] });
    const { configuration } = stage.storage;
    const row = await configuration.find('acme', 'connection', 'desk/second');
    await configuration.write('acme', [{ delete: 'connection', id: row?.id ?? '', expect: row?.version ?? 0 }]);
    const later = await place();
    expect(later.error).toMatchObject({ code: 'not_found', message: expect.stringContaining('Step again uses the connection second') });
    expect(said()[1]).toEqual({ text: expect.stringContaining('is stuck at again: not_found.') });
  });

  it('that cannot be rendered or planned is told of in the run', async () => {
    await acme.automations.put('order', { ...escalating, escalation: { ...escalation, input: { text: '{{ event.data.more.missing }}' } } });
    stage.desk.next('file_ticket', refuse, refuse);
    expect((await place()).error?.message).toMatch(/^The desk refuses it. Correct it. Its escalation cannot be sent: .*missing/);

    await acme.automations.put('order', escalating);
    const { configuration } = stage.storage;
    const row = await configuration.find('acme', 'connection', 'chat/team');
    await configuration.write('acme', [{ delete: 'connection', id: row?.id ?? '', expect: row?.version ?? 0 }]);
    const run = await place();
    expect(run.steps.map(({ path }) => path)).toEqual(['ticket']);
    expect(run.error?.message).toMatch(/Its escalation cannot be sent: .*connection team of chat, which does not exist/);
  });

  it.each([
    ['an action that no connector has', { ...escalation, action: 'chat.shout' }, 'escalation.action: '],
    ['a connection that is not there', { ...escalation, connection: 'none' }, 'escalation.connection: there is no connection none'],
    ['an input that the action never takes', { ...escalation, input: { txt: 'x' } }, 'escalation.input: '],
  ])('is refused with %s', async (_what, wrong, fault) => {
    const put = acme.automations.put('order', { ...orderAutomation, escalation: wrong as typeof escalation });
    await expect(put).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringContaining(fault) });
  });
});
