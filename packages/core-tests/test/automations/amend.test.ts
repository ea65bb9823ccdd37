import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { letterStage } from './letter-stage.ts';

let stage: Awaited<ReturnType<typeof letterStage>>;

beforeEach(async () => {
  stage = await letterStage();
});
afterEach(() => stage.close());

const letters = () => stage.provider.effects().map(({ body }) => JSON.parse(body)['to']);
const runStatus = async (id: string) => (await stage.acme.runs.get(id)).status;

/** A run whose first step is in this status. */
async function stuck(status: 'dead' | 'held') {
  if (status === 'dead') stage.provider.failNext(1, { kind: 'answer', status: 422 });
  else stage.provider.failNext(1, { kind: 'reset', when: 'after_effect' });
  const runId = await stage.place();
  const [step] = (await stage.acme.runs.get(runId)).steps;
  expect(step?.status).toBe(status);
  return { runId, id: step?.id ?? '' };
}

describe('a dead dispatch', () => {
  it('that is tried again continues its run with the same key', async () => {
    const { runId, id } = await stuck('dead');
    expect(await runStatus(runId)).toBe('failed');
    expect(await stage.acme.dispatches.retry(id)).toMatchObject({ status: 'pending', round: 2, attemptCount: 0 });
    expect(await runStatus(runId)).toBe('running');
    await stage.test.settled();
    expect(await runStatus(runId)).toBe('succeeded');
    expect(letters()).toEqual(['A-1', 'After L-1']);
  });

  it('is tried again once, however often that is asked for before it has begun', async () => {
    const { id } = await stuck('dead');
    await Promise.all([stage.acme.dispatches.retry(id), stage.acme.dispatches.retry(id)]);
    expect(await stage.acme.dispatches.retry(id)).toMatchObject({ round: 2 });
    await stage.test.settled();
    expect(letters()).toEqual(['A-1', 'After L-1']);
    await expect(stage.acme.dispatches.retry(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('succeeded'),
    });
  });

  it('cannot be resolved or cancelled: it has ended', async () => {
    const { id } = await stuck('dead');
    await expect(stage.acme.dispatches.resolve(id, { as: 'succeeded' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(stage.acme.dispatches.cancel(id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a held dispatch', () => {
  it('resolved as succeeded goes on with the next step, which reads the output that the person gave', async () => {
    const { runId, id } = await stuck('held');
    expect(await runStatus(runId)).toBe('running');
    expect(await stage.acme.dispatches.resolve(id, { as: 'succeeded', output: { id: 'L-found' } })).toMatchObject({
      status: 'succeeded',
      output: { id: 'L-found' },
    });
    await stage.test.settled();
    const run = await stage.acme.runs.get(runId);
    expect(run).toMatchObject({ status: 'succeeded', outputs: { first: { id: 'L-found' } } });
    expect(letters()).toEqual(['A-1', 'After L-found']);
  });

  it('resolved as succeeded with what its action cannot give changes nothing', async () => {
    const { id } = await stuck('held');
    await expect(stage.acme.dispatches.resolve(id, { as: 'succeeded', output: { nonsense: 1 } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/^The output of post.send_letter .*id/),
    });
    expect(await stage.acme.dispatches.get(id)).toMatchObject({ status: 'held' });
  });

  it('resolved as succeeded without an output fails the run where the next step needs one', async () => {
    const { runId, id } = await stuck('held');
    await stage.acme.dispatches.resolve(id, { as: 'succeeded' });
    await stage.test.settled();
    expect(await stage.acme.runs.get(runId)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('input of step second') },
    });
    expect(stage.test.noticesOf('run.finished')).toMatchObject([{ runId, status: 'failed' }]);
  });

  it('resolved as failed ends its run, and a notice tells of it', async () => {
    const { runId, id } = await stuck('held');
    expect(await stage.acme.dispatches.resolve(id, { as: 'failed', message: 'It never left.' })).toMatchObject({
      status: 'dead',
      error: { code: 'resolved_as_failed', message: 'It never left.' },
    });
    expect(await stage.acme.runs.get(runId)).toMatchObject({ status: 'failed', error: { message: 'It never left.' } });
    expect(stage.test.noticesOf('run.finished')).toMatchObject([{ runId, status: 'failed' }]);
    expect(stage.test.noticesOf('dispatch.dead')).toMatchObject([
      { dispatchId: id, runId, attempts: 1, error: { code: 'resolved_as_failed' } },
    ]);
    await stage.test.settled();
    expect(letters()).toEqual(['A-1']);
  });

  it('resolved to be tried again is tried again', async () => {
    const { runId, id } = await stuck('held');
    await stage.acme.dispatches.resolve(id, { as: 'retry' });
    await stage.test.settled();
    expect(await runStatus(runId)).toBe('succeeded');
    expect(letters()).toEqual(['A-1', 'A-1', 'After L-2']);
  });

  it.each([
    ['succeeded', { as: 'succeeded', output: { id: 'L-found' } }, { as: 'succeeded', output: { id: 'L-other' } }],
    ['failed', { as: 'failed', message: 'No.' }, { as: 'failed', message: 'Other.' }],
  ] as const)('resolved as %s may be resolved so again, and not otherwise', async (_as, resolution, other) => {
    const { id } = await stuck('held');
    const first = await stage.acme.dispatches.resolve(id, resolution);
    expect(await stage.acme.dispatches.resolve(id, resolution)).toEqual(first);
    await expect(stage.acme.dispatches.resolve(id, other)).rejects.toMatchObject({ code: 'conflict' });
    expect(stage.test.noticesOf('run.finished').length).toBeLessThanOrEqual(1);
  });

  it('that two people resolve in different ways at once is resolved in one', async () => {
    const { runId, id } = await stuck('held');
    const answers = await Promise.allSettled([
      stage.acme.dispatches.resolve(id, { as: 'succeeded', output: { id: 'L-found' } }),
      stage.acme.dispatches.resolve(id, { as: 'failed' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await stage.test.settled();
    expect(await runStatus(runId)).toBe(answers[0]?.status === 'fulfilled' ? 'succeeded' : 'failed');
  });

  it.each([
    ['in an unknown way', { as: 'maybe' }],
    ['in no way', {}],
    ['with an output that is not JSON', { as: 'succeeded', output: 1n }],
    ['with a function for an output', { as: 'succeeded', output: () => 1 }],
  ])('cannot be resolved %s', async (_how, resolution) => {
    const { id } = await stuck('held');
    await expect(stage.acme.dispatches.resolve(id, resolution as { as: 'retry' })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await stage.acme.dispatches.get(id)).status).toBe('held');
  });

  it('that is cancelled ends its run as cancelled, and can be tried again', async () => {
    const { runId, id } = await stuck('held');
    expect(await stage.acme.dispatches.cancel(id)).toMatchObject({ status: 'cancelled' });
    expect(await stage.acme.dispatches.cancel(id)).toMatchObject({ status: 'cancelled' });
    expect(await runStatus(runId)).toBe('cancelled');
    expect(stage.test.noticesOf('run.finished')).toMatchObject([{ status: 'cancelled' }]);
    await stage.acme.dispatches.retry(id);
    expect(await runStatus(runId)).toBe('running');
  });
});

describe('a run that is cancelled', () => {
  it('while its step waits ends with it, and a notice tells of it', async () => {
    const { runId, id } = await stuck('held');
    expect(await stage.acme.runs.cancel(runId)).toMatchObject({ status: 'cancelled' });
    expect((await stage.acme.dispatches.get(id)).status).toBe('cancelled');
    expect(await stage.acme.runs.cancel(runId)).toMatchObject({ status: 'cancelled' });
    expect(stage.test.noticesOf('run.finished')).toMatchObject([{ runId, status: 'cancelled' }]);
  });

  it('while its step is under way lets the step end by itself, and nothing follows', async () => {
    let cancelled: Promise<unknown> | undefined;
    const { eventId } = await stage.acme.events.publish('order.placed', { number: 'A-1' });
    const runId = (await stage.acme.runs.list({ eventId })).items[0]?.id ?? '';
    stage.test.hub.on('api.requested', () => {
      cancelled ??= stage.acme.runs.cancel(runId);
    });
    await stage.test.settled();
    await cancelled;
    const run = await stage.acme.runs.get(runId);
    expect(run.status).toBe('cancelled');
    expect(run.steps.map(({ path, status }) => [path, status])).toEqual([['first', 'succeeded']]);
    expect(letters()).toEqual(['A-1']);
    expect(stage.test.noticesOf('run.finished')).toMatchObject([{ runId, status: 'cancelled' }]);
    expect(run.finishedAt).toBe((await stage.acme.runs.cancel(runId)).finishedAt);
  });

  it('while its step is under way does not have the step tried again', async () => {
    stage.provider.failNext(1, { kind: 'answer', status: 503 });
    const { eventId } = await stage.acme.events.publish('order.placed', { number: 'A-1' });
    const runId = (await stage.acme.runs.list({ eventId })).items[0]?.id ?? '';
    let cancelled: Promise<unknown> | undefined;
    stage.test.hub.on('api.requested', () => {
      cancelled ??= stage.acme.runs.cancel(runId);
    });
    await stage.test.settled();
    await cancelled;
    expect(stage.provider.requests).toHaveLength(1);
    expect((await stage.acme.runs.get(runId)).steps.map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('after it has ended stays as it is', async () => {
    const runId = await stage.place();
    expect(await stage.acme.runs.cancel(runId)).toMatchObject({ status: 'succeeded' });
  });
});
