import { describe, expect, it } from 'vitest';
import { dyingStorage } from '../support/dying-storage.ts';
import { type FailingMoment, failingStorage } from '../support/failing-storage.ts';
import { type ErrandHub, type ErrandStage, errand, errandStage } from './errand-stage.ts';

/** Every kind of control step, and an action of each of three classes. */
const order = {
  trigger: { event: 'order.placed' },
  steps: [
    { id: 'note', action: 'flow.set', vars: { title: 'Order {{ event.data.number }}', sum: 0 } },
    {
      id: 'size',
      action: 'flow.branch',
      branches: [{ when: { cel: 'event.data.list.size() > 2' }, steps: [errand('large', 'say', 'Large: {{ vars.title }}')] }],
      else: [errand('small', 'say', 'Small')],
    },
    {
      id: 'rows',
      action: 'flow.each',
      list: '{{ event.data.list }}',
      concurrency: 2,
      collect: '{{ steps.row.output.done }}',
      steps: [
        { id: 'own', action: 'flow.set', vars: { sum: '{{ index + 1 }}' } },
        { ...errand('row', 'say', '{{ item }}{{ vars.sum }}'), concurrency: 1 },
      ],
    },
    errand('letter', 'post', 'Letter of {{ vars.title }}'),
    { ...errand('no', 'refuse', 'never'), onError: { steps: [errand('away', 'say', 'Not done: {{ failure.step }}')] } },
    { id: 'nap', action: 'flow.delay', for: '90s' },
    {
      id: 'paid',
      action: 'flow.wait',
      event: 'order.paid',
      when: { cel: 'incoming.data.number == event.data.number' },
      timeout: '2h',
    },
    { id: 'never', action: 'flow.wait', event: 'order.paid', when: { cel: 'false' }, timeout: '10m', onTimeout: 'continue' },
    { id: 'bill', action: 'flow.run', automation: 'billing', input: { by: '{{ steps.paid.output.event.data.by }}' } },
    { id: 'end', action: 'flow.set', vars: { sum: '{{ steps.rows.output.count }}' } },
    errand('last', 'say', '{{ steps.bill.output.outputs.bill.done }}; timed out: {{ steps.never.output.timedOut }}'),
  ],
};
const billing = { trigger: { manual: true }, steps: [errand('bill', 'say', 'Bill for {{ event.data.by }}')] };

const minute = 60_000;

/** How one storage call goes wrong. */
interface Trouble {
  /** Counted from 1; 0: none does. */
  readonly number: number;
  readonly moment: FailingMoment;
  /** Whether the process dies of it. */
  readonly isDeath: boolean;
  /** Whether its processes are started, and go on by themselves; otherwise they work in turns. */
  readonly isStarted: boolean;
}

/** The processes of one trial: one in which a call goes wrong, and those that take its place. */
interface Processes {
  readonly stage: ErrandStage;
  /** Does something that may be repeated, until a process has done it. */
  act<Result>(what: (hub: ErrandHub) => Promise<Result>): Promise<Result>;
  /** Lets time pass, and puts another process in the place of one that has died. */
  pass(ms: number): Promise<void>;
  readonly isStarted: boolean;
  readonly calls: () => number;
}

function processesOf(stage: ErrandStage, { number, moment, isDeath, isStarted }: Trouble): Processes {
  const failing = failingStorage(stage.storage);
  failing.fail(isDeath ? 0 : number, moment);
  const dying = dyingStorage(failing.storage, isDeath ? number : 0, moment);
  let isDead = false;
  const died = dying.died.then(() => {
    isDead = true;
    return 'died' as const;
  });
  const begin = (of: ErrandHub): ErrandHub => {
    // A host that could not start it tries again.
    if (isStarted) of.start().catch(() => of.start());
    return of;
  };
  let hub = begin(stage.hub(dying.storage));
  let isReplaced = false;
  const replace = (): void => {
    if (isReplaced) return;
    isReplaced = true;
    hub = begin(stage.hub());
  };
  const move = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) await (isDead ? stage.clock.settle() : stage.clock.advance(50));
  };
  return {
    stage,
    isStarted,
    calls: dying.calls,
    async pass(ms) {
      await stage.clock.advance(ms);
      if (isDead) replace();
    },
    async act(what) {
      for (let tries = 0; tries < 10; tries += 1) {
        let isOver = false;
        const acted = what(hub).then(
          (result) => ({ result }),
          (error: unknown) => ({ error }),
        );
        const first = Promise.race(isDead ? [acted] : [acted, died]).finally(() => {
          isOver = true;
        });
        await move(() => isOver);
        const ended = await first;
        if (ended === 'died') replace();
        else if ('result' in ended) return ended.result;
      }
      throw new Error('What was to be done is not done after ten tries.');
    },
  };
}

/** Works, and lets time pass, until this long has gone by. */
async function live(processes: Processes, forMs: number): Promise<void> {
  const { clock } = processes.stage;
  const end = clock.now() + forMs;
  for (let turns = 0; clock.now() < end; turns += 1) {
    if (turns > 2_000) throw new Error('The hub does not come to rest.');
    const { nextDueMs } = processes.isStarted ? { nextDueMs: 10_000 } : await processes.act((hub) => hub.work({ deadline: 60_000 }));
    const left = end - clock.now();
    await processes.pass(Math.max(1, Math.min(left, nextDueMs ?? left)));
  }
}

/** A person decides about what is held: looks at the service, and says what happened. */
async function decide(processes: Processes): Promise<number> {
  const { posted } = processes.stage.errands;
  return processes.act(async (hub) => {
    const { dispatches } = hub.tenant('acme');
    const { items } = await dispatches.list({ status: 'held' });
    const [letter] = posted;
    for (const { id, path } of items) {
      // A refusal that comes behind a try of which nobody knows says nothing of that one.
      if (path === 'no') await dispatches.resolve(id, { as: 'failed' });
      else await dispatches.resolve(id, letter === undefined ? { as: 'retry' } : { as: 'succeeded', output: { done: letter.text } });
    }
    return items.length;
  });
}

interface Trial {
  readonly calls: number;
  readonly held: number;
  /** What is to be the same, whatever went wrong. */
  readonly end: unknown;
}

/** Lives through one order, with one storage call going wrong. */
async function liveThrough(trouble: Trouble): Promise<Trial> {
  const stage = await errandStage({ billing, order });
  const processes = processesOf(stage, trouble);
  const publish = (type: 'order.placed' | 'order.paid', data: object, dedupeKey: string) =>
    processes.act((hub) => hub.tenant('acme').events.publish(type, data as never, { dedupeKey }));
  const { eventId } = await publish('order.placed', { number: 'A-1', list: ['a', 'b', 'c'] }, 'placed');
  await live(processes, 20 * minute);
  const held = await decide(processes);
  if (held > 0) await live(processes, 5 * minute);
  await publish('order.paid', { number: 'A-2', by: 'somebody else' }, 'other');
  await publish('order.paid', { number: 'A-1', by: 'card' }, 'paid');
  await live(processes, 30 * minute);
  const calls = processes.calls();
  const acme = stage.hub().tenant('acme');
  const { items } = await acme.runs.list();
  const runs = await Promise.all(items.map(({ id }) => acme.runs.get(id)));
  const { said, posted } = stage.errands;
  const waits = await stage.storage.states.list('acme', 'wait:', { cursor: null, limit: 10 });
  const end = {
    runs: runs
      .map(({ automationName, status, error, vars, steps, outputs }) => ({
        ...{ automationName, status, error, vars },
        steps: steps.map(({ path, status: ended }) => [path, ended]).toSorted(),
        rows: outputs['rows'],
        bill: Object(outputs['bill'])['status'] ?? outputs['bill'],
      }))
      .toSorted((left, right) => (left.automationName < right.automationName ? -1 : 1)),
    said: [...said.values()].toSorted(),
    posted: posted.map(({ text }) => text),
    placed: runs.some((run) => run.eventId === eventId),
    waits: waits.entries.length,
  };
  return { calls, held, end };
}

/** In an ordinary run some calls go wrong; in a nightly one each. */
const trials = process.env['PATCHBAY_NIGHTLY'] === '1' ? Number.POSITIVE_INFINITY : 6;

const wrong = [
  ['it is refused', { moment: 'before', isDeath: false }],
  ['its answer is lost', { moment: 'behind', isDeath: false }],
  ['the process dies before it', { moment: 'before', isDeath: true }],
  ['the process dies behind it', { moment: 'behind', isDeath: true }],
] as const;

describe.each([
  ['in turns', false],
  ['by itself', true],
])('a run with control steps, in a hub that works %s, of which one storage call goes wrong', (_how, isStarted) => {
  const undisturbed = liveThrough({ number: 0, moment: 'before', isDeath: false, isStarted });

  it('undisturbed, does each thing once', async () => {
    const { end, held } = await undisturbed;
    expect(held).toBe(0);
    expect(end).toMatchObject({
      runs: [
        { automationName: 'billing', status: 'succeeded' },
        { automationName: 'order', status: 'succeeded', vars: { sum: 3 }, rows: { count: 3, items: ['a1', 'b2', 'c3'] } },
      ],
      said: ['Bill for card', 'Bill for card; timed out: true', 'Large: Order A-1', 'Not done: no', 'a1', 'b2', 'c3'],
      posted: ['Letter of Order A-1'],
      waits: 0,
    });
  });

  it.each(wrong)('ends as it would have: %s', { timeout: 1_800_000 }, async (_what, trouble) => {
    const { calls, end } = await undisturbed;
    const stride = Math.max(1, Math.floor(calls / trials));
    // Each kind of trouble at other calls than the one before.
    const first = 1 + (wrong.findIndex(([, each]) => each === trouble) * stride) / wrong.length;
    for (let number = Math.floor(first); number <= calls; number += stride) {
      const trial = await liveThrough({ number, ...trouble, isStarted });
      expect(trial.end, `call ${number} of ${calls}`).toEqual(end);
      expect(trial.held).toBeLessThanOrEqual(trouble.isDeath ? 1 : 0);
    }
  });
});
