import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';
import { seededRandom } from '../simulation/seeded-random.ts';
import { withEachCall } from '../support/each-call.ts';

const minute = 60_000;
let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
  await acme.automations.put('order', waiting);
});
afterEach(() => stage.close());

const waiting = {
  trigger: { event: 'order.placed' },
  steps: [
    { id: 'gone', action: 'flow.wait', event: 'order.cancelled', timeout: '1h', onTimeout: 'continue' },
    {
      id: 'tell',
      action: 'chat.say',
      connection: 'team',
      input: { text: '{{ steps.gone.output.timedOut ? "nobody" : steps.gone.output.event.data.number }}' },
    },
  ],
} as const;

const said = (): string[] => stage.desk.callsOf('say').map(({ input }) => (input as { text: string }).text);
const cancel = (number: string, from = acme) => from.events.publish('order.cancelled', { number });

async function waits(): Promise<void> {
  await acme.events.publish('order.placed', { number: 'A-1' });
  await office.settled(1);
}

it('takes the first of several events that came while nobody worked, also when its time has passed since', async () => {
  for (const downFor of [5, 45, 90]) {
    await waits();
    await stage.clock.advance(minute);
    await cancel('first');
    await stage.clock.advance(minute);
    await cancel('second');
    await stage.clock.advance(downFor * minute);
    await office.settled(1);
  }
  expect(said()).toEqual(['first', 'first', 'first']);
});

/** Holds up what the automation's own dispatches do; others may still wake them. */
async function holdUp(forMs: number): Promise<void> {
  const { id } = await acme.automations.get('order');
  await stage.storage.gates.close([{ tenant: 'acme', lane: `automation:${id}`, reason: 'paused', forMs }]);
}

it('takes the first of several events, although the second is looked at before it', async () => {
  await waits();
  await holdUp(30 * minute);
  const { eventId: first } = await cancel('first');
  await stage.clock.advance(minute);
  await cancel('second');
  const { history } = stage.storage;
  const event: typeof history.event = async (tenant, id) => {
    if (id !== first) return history.event(tenant, id);
    throw new PatchbayError({ code: 'storage_unavailable', message: 'This row is away. Try again.', retryable: true });
  };
  const troubled = stage.process({ storage: { ...stage.storage, history: { ...history, event } } });
  await troubled.settled(1);
  await office.settled(minute);
  expect(said()).toEqual(['first']);
});

it('takes no event that came after its time, although nobody had seen that it has passed', async () => {
  await waits();
  await stage.clock.advance(60 * minute);
  await holdUp(2 * minute);
  await cancel('late');
  await stage.clock.advance(minute);
  await office.settled(1);
  expect(said()).toEqual([]);
  await office.settled(5 * minute);
  expect(said()).toEqual(['nobody']);
});

it('ends once, by the event or by its time, where both come at the same moment in two processes', async () => {
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = seededRandom(seed);
    const slow = withEachCall(stage.storage, async (run) => {
      for (let turns = random.between(0, 4); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      return run();
    });
    const [one, other, door] = [stage.process({ storage: slow }), stage.process({ storage: slow }), stage.process({ storage: slow })];
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    await office.settled(1);
    const before = said().length;
    await stage.clock.advance(60 * minute - (seed % 40));
    const published = cancel(`E-${seed}`, door.hub.tenant('acme'));
    const working = Promise.all([one.hub.work(), other.hub.work()]);
    let isOver = false;
    const all = Promise.all([published, working]).finally(() => {
      isOver = true;
    });
    while (!isOver) await stage.clock.advance(1);
    await all;
    await office.settled(minute);
    const [end = '', ...more] = said().slice(before);
    expect(more, `seed ${seed}`).toEqual([]);
    expect(['nobody', `E-${seed}`], `seed ${seed}`).toContain(end);
    outcomes.add(end === 'nobody' ? end : 'event');
    const [run] = (await acme.runs.list({ eventId })).items;
    expect(await acme.runs.get(run?.id ?? '')).toMatchObject({
      status: 'succeeded',
      outputs: { gone: { timedOut: end === 'nobody' } },
      steps: [{ path: 'gone' }, { path: 'tell' }],
    });
    const { entries } = await stage.storage.states.list('acme', 'wait:', { cursor: null, limit: 10 });
    expect(entries, `seed ${seed}`).toEqual([]);
  }
  expect([...outcomes].toSorted()).toEqual(['event', 'nobody']);
});
