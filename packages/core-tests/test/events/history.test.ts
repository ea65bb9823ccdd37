import { PatchbayError } from '@patchbay/core';
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
  await acme.automations.put('order', orderAutomation);
});
afterEach(() => stage.close());

const busy = () => {
  throw new PatchbayError({
    code: 'provider_unavailable',
    message: 'The desk is closed. Come again.',
    retryable: true,
    details: { status: 503 },
  });
};

async function place(number: string): Promise<string> {
  return (await acme.events.publish('order.placed', { number })).eventId;
}

describe('the history of a run', () => {
  it('tells what was sent, what came back, how long it took and how often, with a retried step in its place', async () => {
    stage.desk.next('file_ticket', busy, busy);
    const eventId = await place('A-1');
    await office.settled();
    const [run] = (await acme.runs.list({ eventId })).items;
    const detail = await acme.runs.get(run?.id ?? '');
    expect(detail).toMatchObject({ status: 'succeeded', eventId, automationName: 'order', version: 1, replay: 0, error: null });
    expect(detail.outputs).toEqual({ ticket: { key: 'T-3', title: 'Order A-1' }, tell: { said: 'Filed T-3' } });
    expect(detail.steps.map(({ path, status, input, output }) => ({ path, status, input, output }))).toEqual([
      { path: 'ticket', status: 'succeeded', input: { title: 'Order A-1' }, output: { key: 'T-3', title: 'Order A-1' } },
      { path: 'tell', status: 'succeeded', input: { text: 'Filed T-3' }, output: { said: 'Filed T-3' } },
    ]);
    const [ticket] = detail.steps;
    expect(ticket?.attempts.map(({ number, outcome, error, retryInMs }) => [number, outcome, error?.code, retryInMs])).toEqual([
      [1, 'failed', 'provider_unavailable', 500],
      [2, 'failed', 'provider_unavailable', 1_000],
      [3, 'succeeded', undefined, null],
    ]);
    expect(ticket?.attempts.map(({ error }) => error?.status)).toEqual([503, 503, undefined]);
    expect(ticket?.attempts.every(({ durationMs }) => durationMs !== null && durationMs >= 0)).toBe(true);
    expect(detail.finishedAt).toBeGreaterThanOrEqual(detail.startedAt + 1_500);
  });

  it('lists events, runs and dispatches newest first, by pages that nothing shifts', async () => {
    const ids: string[] = [];
    for (const number of ['A-1', 'A-2', 'A-3', 'A-4', 'A-5']) ids.push(await place(number));
    await office.settled();
    const first = await acme.events.list({ limit: 2 });
    await place('A-6');
    const second = await acme.events.list({ limit: 2, cursor: first.cursor });
    const third = await acme.events.list({ limit: 2, cursor: second.cursor });
    const seen = [first, second, third].flatMap(({ items }) => items.map(({ event }) => event.id));
    expect(seen).toEqual(ids.toReversed());
    expect(third.cursor).toBeNull();
    expect((await acme.runs.list({ automation: 'order', status: 'succeeded', limit: 500 })).items).toHaveLength(5);
    expect((await acme.dispatches.list({ status: 'succeeded', limit: 500 })).items).toHaveLength(10);
    expect((await acme.events.list({ type: 'order.placed', limit: 500 })).items).toHaveLength(6);
    expect((await acme.events.list({ type: 'order.cancelled' })).items).toEqual([]);
  });

  it('finds the runs of a deleted automation by its id', async () => {
    const { id } = await acme.automations.get('order');
    await place('A-1');
    await acme.automations.delete('order');
    expect((await acme.runs.list({ automation: 'order' })).items).toEqual([]);
    expect((await acme.runs.list({ automation: id })).items).toHaveLength(1);
  });

  it.each<unknown>(['failed', 'DEAD', '', 'constructor', null, 7, ['dead']])(
    'refuses to list what has the status %j, which no dispatch has, and names those that there are',
    async (status) => {
      const refused = { code: 'invalid_argument', message: expect.stringMatching(/pending, leased, held, succeeded, dead, cancelled\.$/) };
      await expect(acme.dispatches.list({ status: status as 'dead' })).rejects.toMatchObject(refused);
    },
  );

  it('refuses to list runs or connections of a status that there is not', async () => {
    await expect(acme.runs.list({ status: 'dead' as 'failed' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: 'No run has a status "dead". Ask for one of: running, succeeded, failed, cancelled.',
    });
    await expect(acme.connections.list({ status: 'connected' as 'active' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/^No connection has a status "connected"\. Ask for one of: initializing, active,/),
    });
    for (const status of ['pending', 'leased', 'held', 'succeeded', 'dead', 'cancelled'] as const)
      expect((await acme.dispatches.list({ status })).items).toEqual([]);
    for (const status of ['running', 'succeeded', 'failed', 'cancelled'] as const)
      expect((await acme.runs.list({ status })).items).toEqual([]);
  });

  it.each([0, -1, 501, 1.5, Number.NaN, '10'])('refuses a page of %j', async (limit) => {
    const page = { limit: limit as number };
    for (const list of [acme.events.list, acme.runs.list, acme.dispatches.list])
      await expect(list(page)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it.each(['x', '', '1.2.3', 7, {}])('refuses the cursor %j', async (cursor) => {
    const page = { cursor: cursor as string };
    for (const list of [acme.events.list, acme.runs.list, acme.dispatches.list])
      await expect(list(page)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
