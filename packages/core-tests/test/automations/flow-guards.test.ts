import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

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

const say = <Id extends string>(id: Id, text: string) => ({ id, action: 'chat.say', connection: 'team', input: { text } }) as const;
const said = (): string[] => stage.desk.callsOf('say').map(({ input }) => (input as { text: string }).text);
const onOrder = { event: 'order.placed' } as const;
const busy = () => {
  throw new PatchbayError({ code: 'provider_unavailable', message: 'Closed. Come again.', retryable: true });
};
const refuse = () => {
  throw new PatchbayError({ code: 'provider_rejected', message: 'No. Correct it.' });
};

describe('automations that start each other', () => {
  it('stop after eight hops by flow.run, and the run that is not begun says so', async () => {
    const asked = { trigger: { manual: true } } as const;
    await acme.automations.put('ping', {
      ...asked,
      steps: [say('ping', 'ping'), { id: 'go', action: 'flow.run', automation: 'pong', wait: false }],
    });
    await acme.automations.put('pong', {
      ...asked,
      steps: [say('pong', 'pong'), { id: 'go', action: 'flow.run', automation: 'ping', wait: false }],
    });
    await acme.automations.run('ping', {});
    await office.settled();
    expect(said()).toHaveLength(8);
    const stopped = (await acme.runs.list({ status: 'failed' })).items.filter(({ error }) => error?.code === 'loop_stopped');
    expect(stopped).toHaveLength(1);
    const explained = await acme.events.explain(stopped[0]?.eventId ?? '');
    expect(explained.automations).toMatchObject([{ name: 'ping', matched: true, reason: expect.stringContaining('chain') }]);
    expect(office.noticesOf('run.finished').filter(({ error }) => error?.code === 'loop_stopped')).toHaveLength(1);
  });

  it("stop over the host's own events, where those name their cause", async () => {
    await acme.automations.put('order', { trigger: onOrder, steps: [say('tell', '{{ event.data.number }}')] });
    let echoes = 0;
    office.hub.subscribe('order.placed', { name: 'echo' }, async (event) => {
      echoes += 1;
      if (echoes < 20) await acme.events.publish('order.placed', { number: 'again' }, { causation: event.id });
    });
    await acme.events.publish('order.placed', { number: 'first' });
    await office.settled(60_000);
    expect([echoes, said().length]).toEqual([20, 8]);
  });
});

describe('an automation that starts several of itself', () => {
  const asked = { trigger: { manual: true } } as const;
  const go = (id: string) => ({ id, action: 'flow.run', automation: 'grow', wait: false, input: { n: 1 } }) as const;

  it.each([[1], [2]])('begins no more runs than go back to one event, in %i processes', async (processes) => {
    const [first, ...others] = Array.from({ length: processes }, () => stage.process({ maximumFlowRuns: 40 }));
    await acme.automations.put('grow', { ...asked, steps: [go('one'), go('two'), go('three')] });
    await acme.automations.run('grow', {});
    for (let turns = 0; turns < 30; turns += 1) {
      await Promise.all([first, ...others].map((each) => each?.hub.work({ deadline: 60_000 })));
      await stage.clock.advance(1_000);
    }
    await first?.settled();
    const { items } = await acme.runs.list({ limit: 500 });
    // The first was begun by hand.
    expect(items).toHaveLength(41);
    const failed = items.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]?.error).toMatchObject({ code: 'fuel_exhausted', message: expect.stringContaining('raise maximumFlowRuns') });
    await acme.automations.run('grow', {});
    await first?.settled();
    expect((await acme.runs.list({ limit: 500 })).items).toHaveLength(82);
  });

  it('may begin as many again on another day, and what was counted is not kept for ever', async () => {
    const hub = stage.process({ maximumFlowRuns: 5 });
    await acme.automations.put('leaf', { ...asked, steps: [say('leaf', 'leaf')] });
    const leaf = { id: 'go', action: 'flow.run', automation: 'leaf' } as const;
    await acme.automations.put('grow', {
      ...asked,
      steps: [{ id: 'rows', action: 'flow.each', list: [1, 2, 3], concurrency: 3, steps: [leaf] }],
    });
    const { eventId } = await acme.automations.run('grow', {});
    await hub.settled();
    const counts = async () => (await stage.storage.states.list('acme', 'flow-runs:', { cursor: null, limit: 50 })).entries;
    expect(await counts()).toMatchObject([{ value: { begun: 3 } }]);
    const again = async () => {
      await acme.events.replay(eventId, { all: true });
      await hub.settled();
    };
    await again();
    expect(await counts()).toMatchObject([{ value: { begun: 5 } }]);
    await stage.clock.advance(86_400_000);
    await again();
    expect(await counts()).toMatchObject([{ value: { begun: 3 } }]);
    await stage.clock.advance(2 * 86_400_000);
    await acme.automations.run('grow', {});
    await hub.settled();
    expect(await counts()).toHaveLength(1);
  });
});

describe('the policies of a step', () => {
  it('say how often it is tried and how long it waits in between', async () => {
    await acme.automations.put('order', {
      trigger: onOrder,
      steps: [{ ...say('tell', 'x'), retry: { attempts: 3, wait: '10s', longest: '1m' } }],
    });
    stage.desk.next('say', busy, busy, busy, busy);
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    await office.settled();
    const [run] = (await acme.runs.list({ eventId })).items;
    const [tell] = (await acme.runs.get(run?.id ?? '')).steps;
    expect(tell).toMatchObject({ status: 'dead', attemptCount: 3 });
    // 0.5 is the random number of this stage: three quarters of 10 and 20 seconds.
    expect(tell?.attempts.map(({ retryInMs }) => retryInMs)).toEqual([7_500, 15_000, null]);
  });

  it('bound how long one try takes', async () => {
    await acme.automations.put('order', { trigger: onOrder, steps: [{ ...say('tell', 'x'), timeout: '2s', retry: { attempts: 1 } }] });
    stage.desk.next('say', () => new Promise(() => undefined));
    await acme.events.publish('order.placed', { number: 'A-1' });
    const working = office.hub.work();
    for (let second = 0; second < 3; second += 1) await stage.clock.advance(1_000);
    await working;
    expect(office.noticesOf('action.executed')).toMatchObject([{ error: { code: 'timeout' } }]);
  });

  it.each([
    ['of the step', { step: { concurrency: 2 }, automation: {} }],
    ['of the automation', { step: {}, automation: { concurrency: 2 } }],
  ])('bound how many are under way at once over all processes: %s', async (_what, { step, automation }) => {
    await acme.automations.put('order', {
      trigger: onOrder,
      ...automation,
      steps: [{ ...say('tell', '{{ event.data.number }}'), ...step }],
    });
    let [now, most] = [0, 0];
    const release: (() => void)[] = [];
    const script = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => release.push(resolve));
      now -= 1;
      return { said: 'x' };
    };
    stage.desk.next('say', ...Array.from({ length: 6 }, () => script));
    const other = stage.process();
    for (let number = 0; number < 6; number += 1) await acme.events.publish('order.placed', { number: `A-${number}` });
    for (let turn = 0; turn < 50 && stage.desk.callsOf('say').length < 6; turn += 1) {
      let isOver = false;
      const working = Promise.all([office.hub.work(), other.hub.work()]).finally(() => {
        isOver = true;
      });
      for (let moment = 0; moment < 500 && !isOver; moment += 1) {
        for (const free of release.splice(0, 1)) free();
        await stage.clock.advance(10);
      }
      await working;
      await stage.clock.advance(250);
    }
    expect(stage.desk.callsOf('say')).toHaveLength(6);
    expect(most).toBe(2);
  });

  it('bound how many begin in a time', async () => {
    await acme.automations.put('order', { trigger: onOrder, steps: [{ ...say('tell', 'x'), rate: { limit: 2, per: '1m' } }] });
    for (let number = 0; number < 5; number += 1) await acme.events.publish('order.placed', { number: `A-${number}` });
    const begun: number[] = [];
    for (let span = 0; span < 3; span += 1) {
      await office.hub.work();
      begun.push(said().length);
      await stage.clock.advance(60_000);
    }
    expect(begun).toEqual([2, 4, 5]);
  });
});

describe('a run that is begun again from a step', () => {
  const automation = {
    trigger: onOrder,
    steps: [
      { id: 'keep', action: 'flow.set', vars: { n: '{{ event.data.number }}' } },
      { id: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: 'x' } },
      { id: 'change', action: 'flow.set', vars: { n: 'changed' } },
      say('tell', '{{ vars.n }} {{ steps.ticket.output.key }}'),
    ],
  } as const;

  async function failed(): Promise<string> {
    await acme.automations.put('order', automation);
    stage.desk.next('say', refuse);
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    await office.settled();
    return (await acme.runs.list({ eventId })).items[0]?.id ?? '';
  }

  it('keeps what the steps before it gave and set, and does them no second time', async () => {
    const id = await failed();
    const again = await acme.runs.rerun(id, { from: 'change' });
    expect(again).toMatchObject({ replay: 1, rerunOf: { run: id, from: 'change' } });
    await office.settled();
    expect(await acme.runs.get(again.id)).toMatchObject({ status: 'succeeded', steps: [{ path: 'tell' }] });
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
    expect(said()).toEqual(['changed T-1', 'changed T-1']);
    expect(new Set(stage.desk.callsOf('say').map(({ key }) => key)).size).toBe(2);
    const { items } = await acme.audit.list();
    expect(items.map(({ action }) => action)).toContain('run.rerun');
  });

  it('forgets what later steps have set', async () => {
    const id = await failed();
    const again = await acme.runs.rerun(id, { from: 'ticket' });
    expect(again.vars).toEqual({ n: 'A-1' });
  });

  it('is the same one for the same key', async () => {
    const id = await failed();
    const first = await acme.runs.rerun(id, { from: 'tell', idempotencyKey: 'k' });
    expect((await acme.runs.rerun(id, { from: 'tell', idempotencyKey: 'k' })).id).toBe(first.id);
  });

  it('must be of a step that is there, with those before it ended', async () => {
    const id = await failed();
    await expect(acme.runs.rerun(id, { from: 'nowhere' })).rejects.toMatchObject({ code: 'invalid_argument' });
    await acme.automations.put('order', { ...automation, steps: [say('new', 'x'), ...automation.steps] });
    await expect(acme.runs.rerun(id, { from: 'tell' })).rejects.toThrow('The step new comes before tell');
  });

  it('waits for the end of the first', async () => {
    await acme.automations.put('order', { trigger: onOrder, steps: [{ id: 'nap', action: 'flow.delay', for: '1h' }, say('tell', 'x')] });
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    const id = (await acme.runs.list({ eventId })).items[0]?.id ?? '';
    await expect(acme.runs.rerun(id, { from: 'nap' })).rejects.toMatchObject({ code: 'conflict' });
  });
});
