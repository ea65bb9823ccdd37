import type { ClaimedDispatch, DeferItem } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const back = (dispatch: ClaimedDispatch, overrides: Partial<DeferItem> = {}): DeferItem => ({
  tenant: dispatch.key.tenant,
  handle: dispatch.handle,
  fence: dispatch.fence,
  delayMs: 0,
  reason: 'drain',
  nothingSent: true,
  ...overrides,
});

const suspect = (stage: Stage, holder = 'worker-b') => stage.storage.claim(stage.samples.claim({ kind: 'suspect', holder }));

/** A dispatch whose lease has expired, and the lease of its successor. */
async function takenOver(stage: Stage): Promise<{ old: ClaimedDispatch; successor: ClaimedDispatch }> {
  const old = await stage.takeOne(stage.samples.item());
  await stage.advance(31_000);
  return { old, successor: only(await suspect(stage)) };
}

function fences(scenario: Scenario): void {
  scenario('refuses every late write of a holder whose lease was taken over', async (stage) => {
    const { old, successor } = await takenOver(stage);
    expect(successor.fence).toBeGreaterThan(old.fence);
    const before = [await stage.storage.history.dispatch(old.key), await stage.storage.history.attempts(old.key)];
    expect(await stage.storage.settle([stage.samples.settle(old, { to: 'succeeded', output: '{}' })])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.begin([back(old)])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.defer([back(old)])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.extend({ holder: 'worker-a', ttlMs: 60_000 })).toEqual([]);
    expect([await stage.storage.history.dispatch(old.key), await stage.storage.history.attempts(old.key)]).toEqual(before);
    expect(statuses(await stage.storage.settle([stage.samples.settle(successor, { to: 'succeeded', output: '"b"' })]))).toEqual([
      'settled',
    ]);
    expect(await stage.storage.settle([stage.samples.settle(old, { to: 'dead' })])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.history.dispatch(old.key)).toMatchObject({ status: 'succeeded', output: '"b"', attempts: 2 });
  });

  scenario('refuses a write after the lease was given back', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.storage.defer([back(dispatch, { delayMs: 60_000 })]);
    expect(await stage.storage.settle([stage.samples.settle(dispatch, { to: 'dead' })])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.begin([back(dispatch)])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.history.dispatch(dispatch.key)).toMatchObject({ status: 'pending', attempts: 0 });
  });

  scenario('refuses a second, different outcome of one lease', async (stage) => {
    const ended = await stage.takeOne(stage.samples.item());
    await stage.storage.settle([stage.samples.settle(ended, { to: 'succeeded', output: '{}' })]);
    expect(await stage.storage.settle([stage.samples.settle(ended, { to: 'dead' })])).toEqual([{ status: 'fenced' }]);
    const failed = await stage.takeOne(stage.samples.item());
    const retry = { to: 'pending', delayMs: 60_000, reason: 'retry' } as const;
    await stage.storage.settle([stage.samples.settle(failed, { ...retry, unknown: false })]);
    expect(await stage.storage.settle([stage.samples.settle(failed, { ...retry, unknown: true })])).toEqual([{ status: 'fenced' }]);
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.storage.settle([stage.samples.settle(dispatch, { to: 'pending', delayMs: 0, reason: 'retry', unknown: false })]);
    expect(await stage.storage.defer([back(dispatch)])).toEqual([{ status: 'fenced' }]);
    const next = only(await stage.storage.claim(stage.samples.claim()));
    expect(statuses(await stage.storage.settle([stage.samples.settle(next, { to: 'dead' })]))).toEqual(['settled']);
    expect(await stage.storage.history.attempts(dispatch.key)).toHaveLength(2);
  });

  scenario('lets the holder write after the lease has expired as long as nobody took it over', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    expect(statuses(await stage.storage.settle([stage.samples.settle(dispatch, { to: 'succeeded', output: null })]))).toEqual(['settled']);
    expect(await suspect(stage)).toEqual([]);
  });

  scenario('does not write for another tenant that knows handle and fence', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    expect(await stage.storage.begin([back(dispatch, { tenant: 'globex' })])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.defer([back(dispatch, { tenant: 'globex' })])).toEqual([{ status: 'fenced' }]);
    expect(await stage.storage.history.dispatch(dispatch.key)).toMatchObject({ status: 'leased' });
  });
}

function takeover(scenario: Scenario): void {
  scenario('takes an expired lease over as a crash: counted, recorded as unknown, under the old holder', async (stage) => {
    const { old, successor } = await takenOver(stage);
    expect(successor).toMatchObject({ holder: 'worker-b', attempts: 1, crashes: 1, lastAttempt: 1, round: 1, status: 'leased' });
    const attempt = only(await stage.storage.history.attempts(old.key));
    expect(attempt).toMatchObject({ number: 1, round: 1, outcome: 'unknown', durationMs: null, holder: 'worker-a', fence: old.fence });
    expect(attempt.error?.code).toBe('crashed');
    expect(successor.unknownSince).not.toBeNull();
    expect(successor.unknownSince).toBeLessThan(successor.storeNow - 30_000);
  });

  scenario('knows after a crash whether the dispatch was in flight', async (stage) => {
    const { samples } = stage;
    const root = samples.newId();
    const { key } = samples.dispatch(root);
    const dispatches = ['waited', 'begun'].map((path) => samples.dispatch(root, { key: { ...key, path }, mark: 'begin' }));
    const claimed = await stage.take(samples.call(root, dispatches));
    const begun = claimed.filter((dispatch) => dispatch.key.path === 'begun').map((dispatch) => back(dispatch));
    expect(await stage.storage.begin([...begun, ...begun])).toEqual([{ status: 'done' }, { status: 'done' }]);
    await stage.advance(31_000);
    const taken = [...(await suspect(stage)), ...(await suspect(stage))];
    const since = Object.fromEntries(taken.map((dispatch) => [dispatch.key.path, dispatch.unknownSince]));
    expect(since).toEqual({ waited: null, begun: expect.any(Number) });
  });

  scenario('gives suspects out one at a time, and never beside healthy work', async (stage) => {
    await Promise.all([stage.takeOne(stage.samples.item()), stage.takeOne(stage.samples.item())]);
    await stage.advance(31_000);
    await stage.storage.ingest([stage.samples.item()]);
    expect((await stage.storage.claim(stage.samples.claim({ limit: 100 }))).map((dispatch) => dispatch.crashes)).toEqual([0]);
    expect(await suspect(stage)).toHaveLength(1);
    expect(await suspect(stage)).toHaveLength(1);
    expect(await suspect(stage)).toEqual([]);
  });

  scenario('keeps a dispatch that has crashed apart until its round ends', async (stage) => {
    const { successor } = await takenOver(stage);
    await stage.storage.settle([stage.samples.settle(successor, { to: 'pending', delayMs: 10_000, reason: 'retry', unknown: false })]);
    expect(await suspect(stage)).toEqual([]);
    await stage.advance(11_000);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    const again = only(await suspect(stage));
    expect(again).toMatchObject({ attempts: 2, crashes: 1, lastAttempt: 2 });
  });

  scenario('counts every crash', async (stage) => {
    await stage.takeOne(stage.samples.item());
    for (let crash = 1; crash <= 3; crash += 1) {
      await stage.advance(31_000);
      expect(only(await suspect(stage))).toMatchObject({ attempts: crash, crashes: crash });
    }
  });

  scenario('leaves alone a lease that has not expired, a handler it lacks, a closed lane and a key it is not asked for', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.advance(20_000);
    expect(await suspect(stage)).toEqual([]);
    await stage.advance(11_000);
    expect(await stage.storage.claim(stage.samples.claim({ kind: 'suspect', handlers: ['action:github@2'] }))).toEqual([]);
    expect(await stage.storage.claim(stage.samples.claim({ kind: 'suspect', limit: 0 }))).toEqual([]);
    expect(await stage.storage.claim(stage.samples.claim({ kind: 'suspect', keys: [{ ...dispatch.key, path: 'other' }] }))).toEqual([]);
    const gate = { tenant: 'acme', lane: dispatch.lane, reason: 'breaker' as const };
    await stage.storage.gates.close([{ ...gate, forMs: null }]);
    expect(await suspect(stage)).toEqual([]);
    await stage.storage.gates.open([gate]);
    expect(only(await stage.storage.claim(stage.samples.claim({ kind: 'suspect', keys: [dispatch.key] })))).toMatchObject({ crashes: 1 });
  });

  scenario('gives an expired lease to one of 20 claimers', async (stage) => {
    await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    const claims = Array.from({ length: 20 }, (_, index) => suspect(stage, `worker-${index}`));
    expect(only((await Promise.all(claims)).flat())).toMatchObject({ crashes: 1, attempts: 1 });
  });

  scenario('gives an expired lease to one of two processes', async (stage) => {
    const other = await stage.second();
    await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    const claims = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? stage.storage : other).claim(stage.samples.claim({ kind: 'suspect', holder: `worker-${index}` })),
    );
    expect(only((await Promise.all(claims)).flat())).toMatchObject({ crashes: 1, attempts: 1 });
  });
}

function waiting(scenario: Scenario): void {
  scenario('extends what the holder holds, and only that', async (stage) => {
    const mine = await stage.takeOne(stage.samples.item());
    await stage.storage.ingest([stage.samples.item()]);
    const theirs = only(await stage.storage.claim(stage.samples.claim({ holder: 'worker-b' })));
    await stage.advance(20_000);
    expect(await stage.storage.extend({ holder: 'worker-a', ttlMs: 30_000 })).toEqual([
      { tenant: 'acme', handle: mine.handle, fence: mine.fence },
    ]);
    await stage.advance(20_000);
    expect(only(await suspect(stage, 'worker-c')).key).toEqual(theirs.key);
    expect(await suspect(stage, 'worker-c')).toEqual([]);
  });

  scenario('does not extend a lease that has expired', async (stage) => {
    await stage.takeOne(stage.samples.item());
    await stage.advance(31_000);
    expect(await stage.storage.extend({ holder: 'worker-a', ttlMs: 30_000 })).toEqual([]);
    expect(await suspect(stage)).toHaveLength(1);
  });

  scenario('counts neither attempts nor crashes for a dispatch that is given back 20 times', async (stage) => {
    let dispatch = await stage.takeOne(stage.samples.item());
    for (let turn = 0; turn < 20; turn += 1) {
      expect(await stage.storage.defer([back(dispatch, { reason: 'rate_limited' })])).toEqual([{ status: 'done' }]);
      dispatch = only(await stage.storage.claim(stage.samples.claim()));
    }
    expect(dispatch).toMatchObject({ attempts: 0, crashes: 0, lastAttempt: 0 });
    expect(await stage.storage.history.attempts(dispatch.key)).toEqual([]);
  });

  scenario('keeps a dispatch that was given back waiting for its delay, with the reason', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.storage.defer([back(dispatch, { delayMs: 60_000, reason: 'rate_limited' })]);
    const stored = await stage.storage.history.dispatch(dispatch.key);
    expect(stored).toMatchObject({ status: 'pending', reason: 'rate_limited', holder: null, leaseUntil: null });
    await stage.advance(50_000);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    await stage.advance(11_000);
    expect(await stage.storage.claim(stage.samples.claim())).toHaveLength(1);
  });

  scenario('takes the mark of the claim back when nothing was sent, and no earlier one', async (stage) => {
    const first = await stage.takeOne(stage.samples.item());
    expect(first.firstSentAt).not.toBeNull();
    await stage.storage.defer([back(first)]);
    expect(await stage.storage.history.dispatch(first.key)).toMatchObject({ firstSentAt: null });
    const second = only(await stage.storage.claim(stage.samples.claim()));
    await stage.storage.settle([stage.samples.settle(second, { to: 'pending', delayMs: 0, reason: 'retry', unknown: true })]);
    const third = only(await stage.storage.claim(stage.samples.claim()));
    await stage.storage.defer([back(third)]);
    const { firstSentAt, unknownSince } = (await stage.storage.history.dispatch(first.key)) ?? {};
    expect([firstSentAt, unknownSince]).toEqual([second.firstSentAt, second.storeNow]);
  });

  scenario('keeps the mark when something may have been sent', async (stage) => {
    const dispatch = await stage.takeOne(stage.samples.item());
    await stage.storage.defer([back(dispatch, { nothingSent: false })]);
    expect(await stage.storage.history.dispatch(dispatch.key)).toMatchObject({ firstSentAt: dispatch.firstSentAt, attempts: 0 });
  });
}

/** What leases and fences promise: a stalled worker loses nothing and overwrites nobody. */
export function leaseConcern(scenario: Scenario): void {
  describe('leases and fences', () => {
    fences(scenario);
    takeover(scenario);
    waiting(scenario);
  });
}
