import type { Json } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';
import { dumpStorage } from '../tenancy/dump-storage.ts';
import { type WatchedStorage, watchStorage } from '../tenancy/watched-storage.ts';

let stage: DeskStage;
let watched: WatchedStorage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  watched = watchStorage(stage.storage);
  office = stage.process({ storage: watched.storage });
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const say = <Id extends string>(id: Id, text: string) => ({ id, action: 'chat.say', connection: 'team', input: { text } }) as const;
const onOrder = { event: 'order.placed' } as const;
const large = { field: 'event.data.amount', op: 'greater_than', value: 100 } as const;

async function place(number: string, more: object = {}): Promise<string> {
  return (await acme.events.publish('order.placed', { number, ...more })).eventId;
}

describe('a dry run', () => {
  it('has no effect, whatever it is tried on', async () => {
    await acme.automations.put('orders', { ...orderAutomation, when: large });
    const eventId = await place('A-1', { amount: 500 });
    await office.settled();
    const calls = stage.desk.calls.length;
    const notices = office.notices.length;
    expect(calls).toBe(2);
    const before = await dumpStorage(stage.storage, ['acme']);
    const audited = (await acme.audit.list()).items.length;
    watched.writes.length = 0;
    const reports = [
      await acme.automations.dryRun('orders', { sample: { data: { number: 'A-2', amount: 500 } } }),
      await acme.automations.dryRun('orders', { eventId }),
      await acme.automations.dryRun({ ...orderAutomation, steps: [say('only', 'Again')] }, { window: {} }),
    ];
    expect(reports.map(({ events }) => events.map(({ starts, run }) => [starts, run?.status]))).toEqual([
      [[true, 'succeeded']],
      [[true, 'succeeded']],
      [[true, 'succeeded']],
    ]);
    expect(await office.settled()).toBe(0);
    expect(watched.writes.filter((write) => write !== 'claim')).toEqual([]);
    expect(await dumpStorage(stage.storage, ['acme'])).toBe(before);
    expect((await acme.audit.list()).items).toHaveLength(audited);
    expect([stage.desk.calls.length, office.notices.length]).toEqual([calls, notices]);
  });

  it('tells of a sample whether it starts, why, and each step with its rendered input', async () => {
    await acme.automations.put('orders', { ...orderAutomation, when: large });
    const given = { outputs: { ticket: { key: 'T-9', title: 'x' } } };
    const report = await acme.automations.dryRun('orders', { sample: { data: { number: 'A-2', amount: 500 } }, ...given });
    expect(report).toMatchObject({ version: 1, read: 0, cut: false });
    expect(report.events).toMatchObject([
      {
        eventId: null,
        type: 'order.placed',
        starts: true,
        report: { verdict: true },
        run: {
          status: 'succeeded',
          error: null,
          steps: [
            { path: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: 'Order A-2' }, assumed: false },
            {
              path: 'tell',
              action: 'chat.say',
              connection: 'team',
              input: { text: 'Filed T-9' },
              output: { said: 'example' },
              assumed: true,
            },
          ],
        },
      },
    ]);
    const small = await acme.automations.dryRun('orders', { sample: { data: { number: 'A-2', amount: 5 } } });
    expect(small.events).toMatchObject([{ starts: false, reason: expect.stringContaining('event.data.amount'), run: null }]);
    const other = await acme.automations.dryRun('orders', { sample: { type: 'order.cancelled', data: {} } });
    expect(other.events).toMatchObject([{ starts: false, reason: 'It does not start on order.cancelled, but on order.placed.' }]);
  });

  it('goes through loops, delays and waits at once, as a run would', async () => {
    const definition = {
      trigger: onOrder,
      steps: [
        { id: 'rows', action: 'flow.each', list: '{{ event.data.json }}', steps: [say('row', '{{ item }}')] },
        { id: 'nap', action: 'flow.delay', for: '3d' },
        {
          id: 'off',
          action: 'flow.wait',
          event: 'order.cancelled',
          when: { cel: 'incoming.data.number == event.data.number' },
          timeout: '1h',
          onTimeout: 'continue',
        },
        say('last', '{{ steps.off.output.timedOut ? "nobody" : steps.off.output.event.data.number }}'),
      ],
    } as const;
    const sample = { data: { number: 'A-1', json: ['a', 'b'] } };
    const texts = async (incoming: Record<string, { number: string }>) => {
      const { events } = await acme.automations.dryRun(definition, { sample, incoming });
      return events[0]?.run?.steps.map(({ path, action, input }) => `${path} ${action} ${JSON.stringify(input)}`) ?? [];
    };
    const taken = await texts({ off: { number: 'A-1' } });
    expect(taken.slice(0, 3)).toEqual([
      'rows[0]/row chat.say {"text":"a"}',
      'rows[1]/row chat.say {"text":"b"}',
      'nap flow.delay {"for":"3d"}',
    ]);
    expect(taken.at(-1)).toBe('last chat.say {"text":"A-1"}');
    expect((await texts({ off: { number: 'A-2' } })).at(-1)).toBe('last chat.say {"text":"nobody"}');
    expect((await texts({})).at(-1)).toBe('last chat.say {"text":"nobody"}');
  });

  it('takes outputs for those of another automation that has succeeded, unless they say how it ended', async () => {
    const definition = {
      trigger: onOrder,
      steps: [{ id: 'bill', action: 'flow.run', automation: 'billing' }, say('last', '{{ steps.bill.output.outputs.total }}')],
    } as const;
    const run = async (bill: Record<string, Json>) => {
      const { events } = await acme.automations.dryRun(definition, { sample: { data: { number: 'A-1' } }, outputs: { bill } });
      return events[0]?.run;
    };
    const told = await run({ outputs: { total: 7 } });
    expect([told?.status, told?.steps.at(-1)?.input]).toEqual(['succeeded', { text: 7 }]);
    expect(await run({ status: 'failed', error: { code: 'provider_rejected', message: 'No.' } })).toMatchObject({
      status: 'failed',
      error: { code: 'provider_rejected' },
    });
  });

  it('goes into the error path of a wait whose time has passed', async () => {
    const wait = {
      id: 'off',
      action: 'flow.wait',
      event: 'order.cancelled',
      timeout: '1h',
      onError: { steps: [say('late', 'Late')] },
    } as const;
    const { events } = await acme.automations.dryRun({ trigger: onOrder, steps: [wait] }, { sample: { data: { number: 'A-1' } } });
    expect(events[0]?.run?.steps.map(({ path }) => path)).toEqual(['off', 'off:error/late']);
  });

  it('tries one that is run by hand on its own events alone, and one that is disabled', async () => {
    for (const name of ['one', 'other']) await acme.automations.put(name, { trigger: { manual: true }, steps: [say('tell', name)] });
    const { eventId } = await acme.automations.run('one', { a: 1 });
    await acme.automations.run('other', { a: 2 });
    await office.settled();
    await acme.automations.disable('one');
    const { events } = await acme.automations.dryRun('one', { window: {} });
    expect(events).toMatchObject([{ eventId, starts: true, run: { status: 'succeeded' } }]);
  });

  it('reports an expression that fails on an assumed output, and throws nothing', async () => {
    const definition = {
      trigger: onOrder,
      steps: [say('first', 'Hello'), say('second', '{{ steps.first.output.said + event.data.more.name }}')],
    } as const;
    const { events } = await acme.automations.dryRun(definition, { sample: { data: { number: 'A-1' } }, outputs: { first: null } });
    expect(events[0]?.run).toMatchObject({
      status: 'failed',
      error: { code: 'expression_failed', message: expect.stringContaining('second') },
      steps: [{ path: 'first' }],
    });
  });

  it('is cut where there is more than was asked for, and says so', async () => {
    await acme.automations.put('orders', orderAutomation);
    for (const number of ['A-1', 'A-2', 'A-3']) await place(number);
    await office.settled();
    const report = await acme.automations.dryRun('orders', { window: { limit: 2 } });
    expect([report.read, report.cut]).toEqual([2, true]);
    expect(report.events.map(({ run }) => run?.steps[0]?.input)).toEqual([{ title: 'Order A-3' }, { title: 'Order A-2' }]);
    const whole = await acme.automations.dryRun('orders', { window: { limit: 3 }, maxSteps: 1 });
    expect([whole.read, whole.cut]).toEqual([3, false]);
    expect(whole.events.map(({ run }) => [run?.status, run?.steps.length])).toEqual([
      ['cut', 1],
      ['cut', 1],
      ['cut', 1],
    ]);
    const { now } = stage.clock;
    await stage.clock.advance(8 * 86_400_000);
    expect((await acme.automations.dryRun('orders', { window: {} })).events).toEqual([]);
    expect((await acme.automations.dryRun('orders', { window: { from: 0, to: now() } })).events).toHaveLength(3);
  });

  it('runs the version that is asked for, and refuses what there is not', async () => {
    await acme.automations.put('orders', orderAutomation);
    await acme.automations.put('orders', { trigger: onOrder, steps: [say('tell', 'New')] });
    const sample = { data: { number: 'A-1' } };
    const inputs = async (version?: number) =>
      (await acme.automations.dryRun('orders', { sample, ...(version === undefined ? {} : { version }) })).events[0]?.run?.steps[0]?.input;
    expect([await inputs(), await inputs(1)]).toEqual([{ text: 'New' }, { title: 'Order A-1' }]);
    await expect(inputs(3)).rejects.toMatchObject({ code: 'not_found' });
    const theirs = await office.hub.tenant('globex').events.publish('order.placed', { number: 'B-1' });
    await expect(acme.automations.dryRun('orders', { eventId: theirs.eventId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(acme.automations.dryRun('orders', { window: { limit: 0 } })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(acme.automations.dryRun('orders', { sample, maxSteps: 1_001 })).rejects.toMatchObject({ code: 'invalid_argument' });
    const nowhere = { ...orderAutomation, steps: [{ ...orderAutomation.steps[0], connection: 'nobody' }] };
    await expect(acme.automations.dryRun(nowhere, { sample })).rejects.toMatchObject({ code: 'automation_invalid' });
  });
});
