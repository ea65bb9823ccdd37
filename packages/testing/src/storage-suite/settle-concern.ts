import type { ClaimedDispatch, DispatchRecord, NewDispatch, Settlement } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { birth } from './samples.ts';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

async function stored(stage: Stage, dispatch: ClaimedDispatch): Promise<DispatchRecord> {
  const record = await stage.storage.history.dispatch(dispatch.key);
  if (record === null) throw new Error('The dispatch is not in the history.');
  return record;
}

/** A run with one leased dispatch. */
async function runAndDispatch(stage: Stage): Promise<{ dispatch: ClaimedDispatch; run: NonNullable<ClaimedDispatch['run']> }> {
  const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  return { dispatch, run: dispatch.run };
}

const following = (stage: Stage, dispatch: ClaimedDispatch, path: string, overrides: Partial<NewDispatch> = {}): NewDispatch =>
  stage.samples.dispatch(dispatch.key.root, { key: { ...dispatch.key, path }, ...overrides });

const endings: readonly { readonly settlement: Settlement; readonly status: DispatchRecord['status']; readonly final: boolean }[] = [
  { settlement: { to: 'succeeded', output: '{"key":"OPS-1"}' }, status: 'succeeded', final: true },
  { settlement: { to: 'succeeded', output: null }, status: 'succeeded', final: true },
  { settlement: { to: 'dead' }, status: 'dead', final: true },
  { settlement: { to: 'cancelled' }, status: 'cancelled', final: true },
  { settlement: { to: 'held' }, status: 'held', final: false },
];

function endingsOf(scenario: Scenario): void {
  for (const { settlement, status, final } of endings) {
    scenario(`ends a dispatch as ${JSON.stringify(settlement)}`, async (stage) => {
      const dispatch = await stage.takeOne(stage.samples.item());
      const item = stage.samples.settle(dispatch, settlement);
      expect(await stage.storage.settle([item])).toEqual([{ status: 'settled', leased: [] }]);
      const record = await stored(stage, dispatch);
      expect(record).toMatchObject({
        status,
        attempts: 1,
        crashes: 0,
        lastAttempt: 1,
        round: 1,
        holder: null,
        leaseUntil: null,
        reason: null,
        error: item.attempt.error,
      });
      expect(record.output).toBe(settlement.to === 'succeeded' ? settlement.output : null);
      expect(record.finishedAt !== null).toBe(final);
      expect(await stage.storage.history.attempts(dispatch.key)).toEqual([item.attempt]);
      await stage.advance(3_600_000);
      expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
      expect(await stage.storage.claim(stage.samples.claim({ kind: 'suspect' }))).toEqual([]);
    });
  }

  scenario('sets a retry due after its delay, with the reason, the error and the count of attempts', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    const item = stage.samples.settle(dispatch, { to: 'pending', delayMs: 60_000, reason: 'retry', unknown: false });
    await stage.storage.settle([item]);
    const record = await stored(stage, dispatch);
    expect(record).toMatchObject({
      status: 'pending',
      attempts: 1,
      lastAttempt: 1,
      reason: 'retry',
      holder: null,
      unknownSince: null,
      error: item.attempt.error,
      finishedAt: null,
    });
    await stage.advance(50_000);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    await stage.advance(11_000);
    expect(only(await stage.storage.claim(stage.samples.claim()))).toMatchObject({ attempts: 1, lastAttempt: 1, key: dispatch.key });
  });

  scenario('counts each recorded outcome and keeps the attempts in order', async (stage) => {
    let dispatch = await stage.takeOne(stage.samples.item());
    for (let round = 1; round <= 12; round += 1) {
      await stage.storage.settle([stage.samples.settle(dispatch, { to: 'pending', delayMs: 0, reason: 'retry', unknown: false })]);
      dispatch = only(await stage.storage.claim(stage.samples.claim()));
      expect(dispatch).toMatchObject({ attempts: round, lastAttempt: round });
    }
    expect((await stage.storage.history.attempts(dispatch.key)).map((attempt) => attempt.number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
  });

  scenario('keeps the time of the first send whose outcome is unknown until an outcome is known', async (stage) => {
    const first = await stage.takeOne(stage.samples.item());
    const unknown: Settlement = { to: 'pending', delayMs: 0, reason: 'reconcile', unknown: true };
    await stage.storage.settle([stage.samples.settle(first, unknown)]);
    expect(await stored(stage, first)).toMatchObject({ unknownSince: first.storeNow });
    await stage.advance(5_000);
    const second = only(await stage.storage.claim(stage.samples.claim()));
    await stage.storage.settle([stage.samples.settle(second, unknown)]);
    expect(await stored(stage, first)).toMatchObject({ unknownSince: first.storeNow });
    const third = only(await stage.storage.claim(stage.samples.claim()));
    await stage.storage.settle([stage.samples.settle(third, { to: 'pending', delayMs: 0, reason: 'retry', unknown: false })]);
    expect(await stored(stage, first)).toMatchObject({ unknownSince: null });
  });

  scenario('marks a held dispatch as unknown since its attempt', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.storage.settle([stage.samples.settle(dispatch, { to: 'held' })]);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'held', unknownSince: dispatch.storeNow });
  });
}

function runs(scenario: Scenario): void {
  scenario('moves the run on with the outcome and stores what follows', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const next = [following(stage, dispatch, 'tell'), following(stage, dispatch, 'later', { delayMs: 60_000 })];
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: stage.samples.change(run, { next }) });
    expect(await stage.storage.settle([item])).toEqual([{ status: 'settled', leased: [] }]);
    const after = await stage.storage.history.run(run.key);
    expect(after).toMatchObject({ status: 'running', state: item.run?.state, finishedAt: null });
    expect(after?.revision).toBeGreaterThan(run.revision);
    const followed = only(await stage.storage.claim(stage.samples.claim()));
    expect(followed.key.path).toBe('tell');
    expect(followed.run).toMatchObject({ state: item.run?.state });
  });

  scenario('ends the run with its last outcome', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const error = { code: 'provider_rejected', message: 'The service refused the request. Correct the input.' };
    await stage.storage.settle([
      stage.samples.settle(dispatch, { to: 'dead' }, { run: stage.samples.change(run, { status: 'failed', error }) }),
    ]);
    const after = await stage.storage.history.run(run.key);
    expect(after).toMatchObject({ status: 'failed', error });
    expect(after?.finishedAt).not.toBeNull();
  });

  scenario('writes outcomes of every kind that come in one batch, each as it would be alone', async (stage) => {
    const { samples, storage } = stage;
    const [ending, going, waiting] = [await runAndDispatch(stage), await runAndDispatch(stage), await runAndDispatch(stage)];
    const [lone, retried] = [await stage.takeOne(samples.item()), await stage.takeOne(samples.item())];
    const succeeded: Settlement = { to: 'succeeded', output: '{}' };
    const retry: Settlement = { to: 'pending', delayMs: 60_000, reason: 'retry', unknown: false };
    const next = [following(stage, going.dispatch, 'tell')];
    const batch = [
      samples.settle(ending.dispatch, succeeded, { run: samples.change(ending.run, { status: 'succeeded' }) }),
      samples.settle(going.dispatch, succeeded, { run: samples.change(going.run, { next }) }),
      samples.settle(waiting.dispatch, retry),
      samples.settle(lone, succeeded),
      samples.settle(retried, retry),
    ];
    expect(statuses(await storage.settle(batch))).toEqual(batch.map(() => 'settled'));
    const dispatches = [ending.dispatch, going.dispatch, waiting.dispatch, lone, retried];
    const records = await Promise.all(dispatches.map((dispatch) => stored(stage, dispatch)));
    expect(statuses(records)).toEqual(['succeeded', 'succeeded', 'pending', 'succeeded', 'pending']);
    const changed = await Promise.all([ending, going, waiting].map(({ run }) => storage.history.run(run.key)));
    expect(changed.map((run) => run?.status)).toEqual(['succeeded', 'running', 'running']);
    expect(only(await storage.claim(samples.claim())).key.path).toBe('tell');
  });

  scenario('leaves everything as it was when the run has moved on', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const change = stage.samples.change(run, { revision: run.revision + 1, next: [following(stage, dispatch, 'tell')] });
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: change, lease: birth() });
    expect(await stage.storage.settle([item])).toEqual([{ status: 'stale' }]);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'leased', attempts: 0, fence: dispatch.fence });
    expect(await stage.storage.history.run(run.key)).toEqual(run);
    expect(await stage.storage.history.attempts(dispatch.key)).toEqual([]);
    expect(await stage.storage.history.dispatch({ ...dispatch.key, path: 'tell' })).toBeNull();
    const again = { ...item, run: stage.samples.change(run, { next: change.next }) };
    expect(statuses(await stage.storage.settle([again]))).toEqual(['settled']);
  });

  scenario('lets one of two outcomes of a run through when both were worked out from the same state', async (stage) => {
    const { samples, storage } = stage;
    const root = samples.newId();
    const item = samples.automated(root);
    const [first] = item.plan?.dispatches ?? [];
    if (first === undefined || item.plan === null) throw new Error('The sample has a dispatch.');
    const both = [first, { ...first, key: { ...first.key, path: 'other' } }];
    const [left, right] = await stage.take({ ...item, plan: { ...item.plan, dispatches: both } });
    if (left?.run == null || right === undefined) throw new Error('Two dispatches were to be claimed.');
    const change = samples.change(left.run);
    const settles = [left, right].map((dispatch) => samples.settle(dispatch, { to: 'succeeded', output: null }, { run: change }));
    const verdicts = await Promise.all(settles.map((settle) => storage.settle([settle])));
    expect(statuses(verdicts.flat()).sort()).toEqual(['settled', 'stale']);
  });

  scenario('lets one of two outcomes of a run through when both come in one batch', async (stage) => {
    const { samples } = stage;
    const item = samples.automated(samples.newId());
    const [first] = item.plan?.dispatches ?? [];
    if (first === undefined || item.plan === null) throw new Error('The sample has a dispatch.');
    const both = [first, { ...first, key: { ...first.key, path: 'other' } }];
    const claimed = await stage.take({ ...item, plan: { ...item.plan, dispatches: both } });
    const settles = claimed.map((dispatch) => {
      if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
      return samples.settle(dispatch, { to: 'succeeded', output: null }, { run: samples.change(dispatch.run) });
    });
    expect(statuses(await stage.storage.settle(settles)).sort()).toEqual(['settled', 'stale']);
  });

  scenario('refuses a change of a run that does not exist', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const change = stage.samples.change(run, { key: { ...run.key, replay: 9 } });
    expect(await stage.storage.settle([stage.samples.settle(dispatch, { to: 'dead' }, { run: change })])).toEqual([{ status: 'stale' }]);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'leased', attempts: 0 });
  });
}

function batches(scenario: Scenario): void {
  scenario('settles the items of a batch one by one, in the order given', async (stage) => {
    const { samples } = stage;
    const claimed = await Promise.all(Array.from({ length: 10 }, () => stage.takeOne(samples.item())));
    const items = claimed.map((dispatch, index) => ({
      ...samples.settle(dispatch, { to: 'succeeded', output: String(index) }),
      fence: dispatch.fence + (index % 2),
    }));
    expect(statuses(await stage.storage.settle(items))).toEqual(claimed.map((_, index) => (index % 2 === 0 ? 'settled' : 'fenced')));
    for (const [index, dispatch] of claimed.entries()) {
      expect((await stored(stage, dispatch)).status).toBe(index % 2 === 0 ? 'succeeded' : 'leased');
    }
  });

  scenario('leaves nothing half done when what follows is malformed', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const next = [following(stage, dispatch, 'tell'), JSON.parse('null')];
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: stage.samples.change(run, { next }) });
    await expect(stage.storage.settle([item])).rejects.toThrow();
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'leased', attempts: 0 });
    expect(await stage.storage.history.run(run.key)).toEqual(run);
    expect(await stage.storage.history.attempts(dispatch.key)).toEqual([]);
    expect(await stage.storage.history.dispatch({ ...dispatch.key, path: 'tell' })).toBeNull();
  });

  scenario('leaves a following dispatch that is stored already as it is', async (stage) => {
    const { dispatch, run } = await runAndDispatch(stage);
    const next = [following(stage, dispatch, 'ticket', { input: '{"other":1}' }), following(stage, dispatch, 'tell')];
    const item = stage.samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: stage.samples.change(run, { next }) });
    expect(statuses(await stage.storage.settle([item]))).toEqual(['settled']);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'succeeded', input: dispatch.input });
    expect(only(await stage.storage.claim(stage.samples.claim())).key.path).toBe('tell');
  });

  scenario('does not settle for another tenant', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    const item = stage.samples.settle(dispatch, { to: 'dead' });
    const foreign = { ...item, tenant: 'globex', key: { ...item.key, tenant: 'globex' } };
    expect(await stage.storage.settle([foreign])).toEqual([{ status: 'fenced' }]);
    expect(await stored(stage, dispatch)).toMatchObject({ status: 'leased' });
  });
}

/** What `settle` promises: one recorded outcome, whole or not at all. */
export function settleConcern(scenario: Scenario): void {
  describe('settle', () => {
    endingsOf(scenario);
    runs(scenario);
    batches(scenario);
  });
}
