import type { AmendItem, ClaimedDispatch, DispatchRecord, Settlement } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const error = { code: 'attempts_exhausted', message: 'The dispatch was tried too often. Look at its attempts.' };
const reopened: AmendItem['settlement'] = { to: 'pending', delayMs: 0, forget: false };
const succeeded: AmendItem['settlement'] = { to: 'succeeded', output: '{"by":"hand"}' };
const dead: AmendItem['settlement'] = { to: 'dead', error };
const cancelled: AmendItem['settlement'] = { to: 'cancelled' };

const amend = (dispatch: DispatchRecord, settlement: AmendItem['settlement'], overrides: Partial<AmendItem> = {}): AmendItem => ({
  key: dispatch.key,
  round: dispatch.round,
  settlement,
  run: null,
  ...overrides,
});

async function settledAs(stage: Stage, settlement: Settlement, dispatch?: ClaimedDispatch): Promise<ClaimedDispatch> {
  const claimed = dispatch ?? (await stage.takeOne(stage.samples.item()));
  await stage.storage.settle([stage.samples.settle(claimed, settlement)]);
  return claimed;
}

async function stored(stage: Stage, { key }: DispatchRecord): Promise<DispatchRecord> {
  const record = await stage.storage.history.dispatch(key);
  if (record === null) throw new Error('The dispatch is not in the history.');
  return record;
}

function reopening(scenario: Scenario): void {
  for (const settlement of [{ to: 'dead' }, { to: 'held' }, { to: 'cancelled' }] as const) {
    scenario(`opens the next round of a dispatch that is ${settlement.to}: same key, counts from 0, attempts kept`, async (stage) => {
      const dispatch = await settledAs(stage, settlement);
      expect(await stage.storage.reopen([amend(dispatch, reopened)])).toEqual([{ status: 'done' }]);
      const record = { status: 'pending', round: 2, attempts: 0, crashes: 0, lastAttempt: 1, firstSentAt: null, finishedAt: null };
      expect(await stored(stage, dispatch)).toMatchObject(record);
      const next = only(await stage.storage.claim(stage.samples.claim()));
      expect(next).toMatchObject({ key: dispatch.key, round: 2, attempts: 0, lastAttempt: 1 });
      expect(next.fence).toBeGreaterThan(dispatch.fence);
      await stage.storage.settle([stage.samples.settle(next, { to: 'succeeded', output: null })]);
      const attempts = await stage.storage.history.attempts(dispatch.key);
      expect(attempts.map(({ number, round }) => [number, round])).toEqual([
        [1, 1],
        [2, 2],
      ]);
    });
  }

  scenario('makes a dispatch that has crashed healthy again in its next round', async (stage) => {
    await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    const suspect = only(await stage.storage.claim(stage.samples.claim({ kind: 'suspect' })));
    await settledAs(stage, { to: 'dead' }, suspect);
    await stage.storage.reopen([amend(suspect, reopened)]);
    expect(only(await stage.storage.claim(stage.samples.claim()))).toMatchObject({ crashes: 0, round: 2 });
  });

  scenario('waits for the delay of the new round', async (stage) => {
    const dispatch = await settledAs(stage, { to: 'dead' });
    await stage.storage.reopen([amend(dispatch, { to: 'pending', delayMs: 60_000, forget: false })]);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    await stage.advance(61_000);
    expect(await stage.storage.claim(stage.samples.claim())).toHaveLength(1);
  });

  scenario('keeps the unknown outcome unless it is to be forgotten', async (stage) => {
    const [kept, forgotten] = [await settledAs(stage, { to: 'held' }), await settledAs(stage, { to: 'held' })];
    await stage.storage.reopen([amend(kept, reopened), amend(forgotten, { to: 'pending', delayMs: 0, forget: true })]);
    expect([(await stored(stage, kept)).unknownSince, (await stored(stage, forgotten)).unknownSince]).toEqual([kept.storeNow, null]);
  });

  scenario('does not reopen what has succeeded, waits, is held by a worker or was seen in another round', async (stage) => {
    const leased = await stage.takeOne(stage.samples.item());
    const done = await settledAs(stage, { to: 'succeeded', output: null });
    const waiting = await settledAs(stage, { to: 'pending', delayMs: 60_000, reason: 'retry', unknown: false });
    const ended = await settledAs(stage, { to: 'dead' });
    const items = [leased, done, waiting, { ...ended, round: 7 }].map((dispatch) => amend(dispatch, reopened));
    expect(statuses(await stage.storage.reopen(items))).toEqual(['busy', 'stale', 'stale', 'stale']);
    const states = await Promise.all([leased, done, waiting, ended].map(async (dispatch) => (await stored(stage, dispatch)).status));
    expect(states).toEqual(['leased', 'succeeded', 'pending', 'dead']);
  });

  scenario('opens one round when 20 people reopen at once', async (stage) => {
    const dispatch = await settledAs(stage, { to: 'dead' });
    await Promise.all(Array.from({ length: 20 }, () => stage.storage.reopen([amend(dispatch, reopened)])));
    expect(await stored(stage, dispatch)).toMatchObject({ round: 2, status: 'pending' });
    expect(await stage.storage.claim(stage.samples.claim())).toHaveLength(1);
  });

  scenario('refuses a late write from the round before', async (stage) => {
    const dispatch = await settledAs(stage, { to: 'dead' });
    await stage.storage.reopen([amend(dispatch, reopened)]);
    const late = stage.samples.settle(dispatch, { to: 'succeeded', output: '"late"' });
    expect(statuses(await stage.storage.settle([{ ...late, attempt: { ...late.attempt, number: 2 } }]))).not.toContain('stale');
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'pending', output: null, attempts: 0 });
  });
}

function ending(scenario: Scenario): void {
  scenario('ends held dispatches as a person says', async (stage) => {
    const held = [await settledAs(stage, { to: 'held' }), await settledAs(stage, { to: 'held' }), await settledAs(stage, { to: 'held' })];
    const [first, second, third] = held;
    if (first === undefined || second === undefined || third === undefined) throw new Error('Three dispatches were to be held.');
    const items = [amend(first, succeeded), amend(second, dead), amend(third, cancelled)];
    expect(statuses(await stage.storage.resolve(items))).toEqual(['done', 'done', 'done']);
    const finishedAt = expect.any(Number);
    expect(await stored(stage, first)).toMatchObject({ status: 'succeeded', output: '{"by":"hand"}', finishedAt, attempts: 1 });
    expect(await stored(stage, second)).toMatchObject({ status: 'dead', error, finishedAt });
    expect(await stored(stage, third)).toMatchObject({ status: 'cancelled', output: null, finishedAt });
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
  });

  scenario('keeps the first ending when a second person says another', async (stage) => {
    const dispatch = await settledAs(stage, { to: 'held' });
    await stage.storage.resolve([amend(dispatch, succeeded)]);
    const others = [amend(dispatch, { to: 'succeeded', output: '"other"' }), amend(dispatch, dead)];
    expect(statuses(await stage.storage.resolve(others))).toEqual(['stale', 'stale']);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'succeeded', output: '{"by":"hand"}' });
  });

  scenario('resolves only what is held', async (stage) => {
    const leased = await stage.takeOne(stage.samples.item());
    const waiting = await settledAs(stage, { to: 'pending', delayMs: 60_000, reason: 'retry', unknown: false });
    const ended = await settledAs(stage, { to: 'dead' });
    const verdicts = await stage.storage.resolve([leased, waiting, ended].map((dispatch) => amend(dispatch, succeeded)));
    expect(statuses(verdicts)).toEqual(['busy', 'stale', 'stale']);
  });

  scenario('cancels what waits or is held, and not what a worker holds or what has ended', async (stage) => {
    const leased = await stage.takeOne(stage.samples.item());
    const waiting = await settledAs(stage, { to: 'pending', delayMs: 0, reason: 'retry', unknown: false });
    const held = await settledAs(stage, { to: 'held' });
    const ended = await settledAs(stage, { to: 'dead' });
    const verdicts = await stage.storage.cancel([leased, waiting, held, ended].map((dispatch) => amend(dispatch, cancelled)));
    expect(statuses(verdicts)).toEqual(['busy', 'done', 'done', 'stale']);
    expect(await stored(stage, waiting)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Number), reason: null });
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
  });

  scenario('cancels a dispatch that has crashed and waits', async (stage) => {
    await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    const suspect = only(await stage.storage.claim(stage.samples.claim({ kind: 'suspect' })));
    await settledAs(stage, { to: 'pending', delayMs: 0, reason: 'retry', unknown: false }, suspect);
    expect(statuses(await stage.storage.cancel([amend(suspect, cancelled)]))).toEqual(['done']);
    expect(await stage.storage.claim(stage.samples.claim({ kind: 'suspect' }))).toEqual([]);
  });

  scenario('knows nothing of a dispatch of another tenant', async (stage) => {
    const dispatch = await settledAs(stage, { to: 'held' });
    const foreign = amend({ ...dispatch, key: { ...dispatch.key, tenant: 'globex' } }, cancelled);
    const reopen = { ...foreign, settlement: reopened };
    const verdicts = [
      ...(await stage.storage.cancel([foreign])),
      ...(await stage.storage.resolve([foreign])),
      ...(await stage.storage.reopen([reopen])),
    ];
    expect(statuses(verdicts)).toEqual(['missing', 'missing', 'missing']);
  });

  scenario('refuses a settlement that the verb cannot make', async (stage) => {
    const dispatch = await settledAs(stage, { to: 'held' });
    await expect(stage.storage.reopen([amend(dispatch, succeeded)])).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(stage.storage.resolve([amend(dispatch, reopened)])).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(stage.storage.cancel([amend(dispatch, reopened)])).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'held', round: 1 });
  });
}

async function heldInRun(stage: Stage) {
  const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
  await settledAs(stage, { to: 'held' }, dispatch);
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  return { dispatch, run: dispatch.run };
}

function runs(scenario: Scenario): void {
  scenario('moves the run on with an amendment, and what follows waits', async (stage) => {
    const { dispatch, run } = await heldInRun(stage);
    const next = [stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path: 'tell' } })];
    const change = stage.samples.change(run, { next, state: '{"by":"hand"}' });
    expect(statuses(await stage.storage.resolve([amend(dispatch, succeeded, { run: change })]))).toEqual(['done']);
    expect(await stage.storage.history.run(run.key)).toMatchObject({ state: '{"by":"hand"}' });
    expect(only(await stage.storage.claim(stage.samples.claim())).key.path).toBe('tell');
  });

  scenario('reopens an ended run with its dispatch', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
    if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
    const failed = stage.samples.change(dispatch.run, { status: 'failed', error });
    await stage.storage.settle([stage.samples.settle(dispatch, { to: 'dead' }, { run: failed })]);
    const run = await stage.storage.history.run(dispatch.run.key);
    if (run === null) throw new Error('The run is not in the history.');
    expect(statuses(await stage.storage.reopen([amend(dispatch, reopened, { run: stage.samples.change(run) })]))).toEqual(['done']);
    expect(await stage.storage.history.run(run.key)).toMatchObject({ status: 'running', finishedAt: null, error: null });
  });

  scenario('leaves everything as it was when the run has moved on', async (stage) => {
    const { dispatch, run } = await heldInRun(stage);
    const next = [stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path: 'tell' } })];
    const change = stage.samples.change(run, { revision: run.revision + 3, next });
    for (const verb of ['resolve', 'cancel'] as const) {
      expect(statuses(await stage.storage[verb]([amend(dispatch, cancelled, { run: change })]))).toEqual(['stale']);
    }
    expect(statuses(await stage.storage.reopen([amend(dispatch, reopened, { run: change })]))).toEqual(['stale']);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'held', round: 1 });
    expect(await stage.storage.history.run(run.key)).toEqual(run);
    expect(await stage.storage.history.dispatch({ ...dispatch.key, path: 'tell' })).toBeNull();
  });
}

/** What `reopen`, `resolve` and `cancel` promise. */
export function amendConcern(scenario: Scenario): void {
  describe('amendments', () => {
    reopening(scenario);
    ending(scenario);
    runs(scenario);
  });
}
