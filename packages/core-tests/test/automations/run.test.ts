import type { Json } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const [ticket, tell] = orderAutomation.steps;

async function place(data: { readonly number: string; readonly more?: Json } = { number: 'A-1' }): Promise<string> {
  return (await acme.events.publish('order.placed', data)).eventId;
}

async function onlyRun(eventId: string) {
  const { items } = await acme.runs.list({ eventId });
  expect(items).toHaveLength(1);
  return acme.runs.get(items[0]?.id ?? '');
}

describe('a run', () => {
  it('hands each step the outputs of all earlier ones, with their types', async () => {
    const output = { key: 'T-7', title: 'x' };
    stage.desk.next(
      'file_ticket',
      () => output,
      () => ({ key: 'T-8', title: 'y' }),
    );
    await acme.automations.put('chain', {
      trigger: { event: 'order.placed' },
      steps: [
        ticket,
        { ...ticket, id: 'second', input: { title: 'After {{ steps.ticket.output.key }}', details: '{{ steps.ticket.output }}' } },
        { ...tell, input: { text: '{{ steps.ticket.output.key }} and {{ steps.second.output.key }} of {{ event.tenant }}' } },
      ],
    });
    const eventId = await place();
    await office.settled();
    const { steps } = await onlyRun(eventId);
    expect(steps.map(({ action, input }) => [action, input])).toEqual([
      ['desk.file_ticket', { title: 'Order A-1' }],
      ['desk.file_ticket', { title: 'After T-7', details: output }],
      ['chat.say', { text: 'T-7 and T-8 of acme' }],
    ]);
  });

  it('whose first input errs fails before anything is sent, visibly and with the reason', async () => {
    await acme.automations.put('order', {
      ...orderAutomation,
      steps: [{ ...ticket, input: { title: '{{ event.data.more.missing }}' } }, tell],
    });
    const eventId = await place();
    expect(await onlyRun(eventId)).toMatchObject({
      status: 'failed',
      steps: [],
      error: {
        code: 'expression_failed',
        message: expect.stringMatching(/The input of step ticket cannot be rendered: .*there is no member "more"/),
      },
    });
    await office.settled();
    expect(stage.desk.calls).toEqual([]);
    expect(office.noticesOf('run.finished')).toMatchObject([{ status: 'failed' }]);
    expect((await acme.runs.list({ status: 'failed' })).items).toHaveLength(1);
  });

  it('whose later input errs fails there, and what was done stays done', async () => {
    await acme.automations.put('order', {
      ...orderAutomation,
      steps: [ticket, { ...tell, input: { text: '{{ int(steps.ticket.output.key) }}' } }],
    });
    const eventId = await place();
    await office.settled();
    const run = await onlyRun(eventId);
    expect(run).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('The input of step tell') } });
    expect(run.steps.map(({ path, status }) => [path, status])).toEqual([['ticket', 'succeeded']]);
    expect(run.outputs).toEqual({ ticket: { key: 'T-1', title: 'Order A-1' } });
  });

  it('renders data of an event as data, never as a template again', async () => {
    await acme.automations.put('order', orderAutomation);
    await place({ number: '{{ event.tenant }}' });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')[0]?.input).toEqual({ title: 'Order {{ event.tenant }}' });
  });

  it('goes on with the version that it began with', async () => {
    await acme.automations.put('order', orderAutomation);
    const eventId = await place();
    await acme.automations.put('order', { ...orderAutomation, steps: [ticket, { ...tell, input: { text: 'changed' } }] });
    await office.settled();
    expect(await onlyRun(eventId)).toMatchObject({ version: 1, status: 'succeeded' });
    expect(stage.desk.callsOf('say')[0]?.input).toEqual({ text: 'Filed T-1' });
  });

  it('goes on although its automation was disabled or deleted', async () => {
    await acme.automations.put('order', orderAutomation);
    const eventId = await place();
    await acme.automations.delete('order');
    await office.settled();
    expect(await onlyRun(eventId)).toMatchObject({ status: 'succeeded', automationName: 'order' });
  });

  it('of a connection that was deleted between save and event has failed, visibly and with the reason', async () => {
    await acme.automations.put('order', orderAutomation);
    const { configuration } = stage.storage;
    const row = await configuration.find('acme', 'connection', 'desk/main');
    await configuration.write('acme', [{ delete: 'connection', id: row?.id ?? '', expect: row?.version ?? 0 }]);
    const eventId = await place();
    expect(await onlyRun(eventId)).toMatchObject({
      status: 'failed',
      error: { code: 'not_found', message: expect.stringContaining('Step ticket uses the connection main of desk, which does not exist') },
    });
  });

  it('of a connection that was disconnected waits and goes on when it is put again, without an attempt', async () => {
    await acme.automations.put('order', orderAutomation);
    await acme.connections.disconnect('main');
    const eventId = await place();
    await office.settled();
    expect(await onlyRun(eventId)).toMatchObject({
      status: 'running',
      steps: [{ status: 'pending', attemptCount: 0, reason: 'connection' }],
    });
    await connect(acme);
    await office.settled();
    expect(await onlyRun(eventId)).toMatchObject({ status: 'succeeded' });
  });

  it('starts once for each automation of an event, however often the event comes', async () => {
    await acme.automations.put('order', orderAutomation);
    await acme.automations.put('second', orderAutomation);
    for (let count = 0; count < 5; count += 1) await acme.events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k' });
    await office.settled();
    expect((await acme.runs.list()).items).toHaveLength(2);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(2);
  });
});

describe('an automation that this version cannot read', () => {
  /** As a newer version of the hub would have stored it. */
  async function storeUnreadable(): Promise<void> {
    const { configuration } = stage.storage;
    const definition = { trigger: { event: 'order.placed' }, steps: [{ id: 'wait', action: 'flow.delay', forMs: 1_000 }] };
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    await configuration.write('acme', [
      { put: 'automation', id, name: 'newer', expect: 'absent', value: { name: 'newer', version: 1, enabled: true, definition } },
      {
        put: 'automation_version',
        id: '01890a5d-ac96-774b-bcce-b302099a8058',
        name: `${id}/1`,
        expect: 'absent',
        value: { automation: id, version: 1, definition, createdAt: 0 },
      },
    ]);
  }

  it('keeps no other from running, and is seen as a failed run with the reason', async () => {
    await acme.automations.put('order', orderAutomation);
    await storeUnreadable();
    const branch = stage.process();
    const { eventId } = await branch.hub.tenant('acme').events.publish('order.placed', { number: 'A-1' });
    await office.settled();
    const { items } = await acme.runs.list({ eventId });
    expect(items.map(({ automationName, status, error }) => [automationName, status, error?.code]).toSorted()).toEqual([
      ['newer', 'failed', 'automation_invalid'],
      ['order', 'succeeded', undefined],
    ]);
    const { automations } = await acme.events.explain(eventId);
    expect(automations.find(({ name }) => name === 'newer')?.reason).toMatch(/automation is not valid: steps/);
  });

  it('can be listed, read, disabled and deleted', async () => {
    await storeUnreadable();
    expect((await acme.automations.list()).map(({ name }) => name)).toEqual(['newer']);
    expect((await acme.automations.disable('newer')).enabled).toBe(false);
    const eventId = await place();
    expect((await acme.runs.list({ eventId })).items).toEqual([]);
    await acme.automations.delete('newer');
    expect(await acme.automations.list()).toEqual([]);
  });
});
