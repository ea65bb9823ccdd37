import type { DispatchRecord, SettleItem, Settlement } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { settleRuns } from './settle-runs.ts';
import { following, runAndDispatch, stored } from './settled.ts';
import { only, type Scenario, statuses } from './stage.ts';

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

  scenario('keeps what each attempt tells of its exchange, through a retry, an end and a new round', async (stage) => {
    const { samples, storage } = stage;
    let dispatch = await stage.takeOne(samples.item());
    const tell = (settlement: SettleItem['settlement'], exchange: string): SettleItem => {
      const item = samples.settle(dispatch, settlement);
      return { ...item, attempt: { ...item.attempt, exchange } };
    };
    await storage.settle([tell({ to: 'pending', delayMs: 0, reason: 'retry', unknown: false }, '{"status":503}')]);
    dispatch = only(await storage.claim(samples.claim()));
    await storage.settle([tell({ to: 'dead' }, '{"status":410,"body":"gone \u20ac"}')]);
    const told = async () => (await storage.history.attempts(dispatch.key)).map(({ exchange }) => exchange);
    expect(await told()).toEqual(['{"status":503}', '{"status":410,"body":"gone \u20ac"}']);
    const { key, round } = await stored(stage, dispatch);
    expect(await storage.reopen([{ key, round, settlement: { to: 'pending', delayMs: 0, forget: false }, run: null }])).toEqual([
      { status: 'done' },
    ]);
    expect(await told()).toEqual(['{"status":503}', '{"status":410,"body":"gone \u20ac"}']);
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
    settleRuns(scenario);
    batches(scenario);
  });
}
