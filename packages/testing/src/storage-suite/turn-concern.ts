import { describe, expect } from 'vitest';
import { automation, claim, claimRoots, ordered, recordOf, settle, store } from './ordered-runs.ts';
import { only, type Scenario, statuses } from './stage.ts';

function heads(scenario: Scenario): void {
  scenario('lets the others wait behind one that waits to be tried again, went back, is held or has crashed', async (stage) => {
    const { storage, samples } = stage;
    const [, second] = await store(stage, ordered(stage), ordered(stage));
    await settle(stage, only(await claim(stage)), { to: 'pending', delayMs: 5_000, reason: 'retry', unknown: false });
    expect(await claim(stage)).toEqual([]);
    await stage.advance(5_000);
    const { tenant, handle, fence } = { tenant: samples.tenant, ...only(await claim(stage)) };
    await storage.defer([{ tenant, handle, fence, delayMs: 90_000, reason: 'drain', nothingSent: true }]);
    expect(await claim(stage)).toEqual([]);
    await stage.advance(90_000);
    expect(await claim(stage)).toHaveLength(1);
    await stage.advance(31_000);
    expect(await claim(stage)).toEqual([]);
    const crashed = only(await storage.claim(samples.claim({ kind: 'suspect' })));
    await settle(stage, crashed, { to: 'held' });
    expect(await claim(stage)).toEqual([]);
    await storage.resolve([{ key: crashed.key, round: 1, settlement: { to: 'succeeded', output: null }, run: null }]);
    expect(await claimRoots(stage)).toEqual([second]);
  });

  scenario('lets the others wait behind a closed gate, and behind no gate but that of the first', async (stage) => {
    const { storage, samples } = stage;
    const closed = { tenant: samples.tenant, lane: 'connection:1', reason: 'paused' } as const;
    const [first, second] = await store(stage, ordered(stage, {}, { lane: closed.lane }), ordered(stage));
    await storage.gates.close([{ ...closed, forMs: null }]);
    expect(await claim(stage)).toEqual([]);
    await storage.gates.open([closed]);
    const dispatch = only(await claim(stage));
    expect(dispatch.key.root).toBe(first);
    await storage.gates.close([{ ...closed, forMs: null }]);
    await settle(stage, dispatch);
    expect(await claimRoots(stage)).toEqual([second]);
  });

  scenario('goes on behind a dead one where it is to be skipped, which comes next when it is tried again', async (stage) => {
    const items = [ordered(stage), ordered(stage), ordered(stage)];
    const [first, second, third] = await store(stage, ...items);
    const dead = only(await claim(stage));
    await settle(stage, dead, { to: 'dead' });
    const under = only(await claim(stage));
    expect(under.key.root).toBe(second);
    const reopened = { key: dead.key, round: 1, settlement: { to: 'pending', delayMs: 0, forget: true }, run: null } as const;
    expect(statuses(await stage.storage.reopen([reopened]))).toEqual(['done']);
    expect(statuses(await stage.storage.reopen([reopened]))).toEqual(['done']);
    expect(await claim(stage)).toEqual([]);
    await settle(stage, under);
    const again = only(await claim(stage));
    expect(again.key.root).toBe(first);
    expect(again.ordering).toEqual(dead.ordering);
    await settle(stage, again);
    expect(await claimRoots(stage)).toEqual([third]);
  });

  scenario('waits behind a dead one that blocks until it is tried again', async (stage) => {
    const [first, second] = await store(stage, ordered(stage, { onDead: 'block' }), ordered(stage, { onDead: 'block' }));
    const dead = only(await claim(stage));
    await settle(stage, dead, { to: 'dead' });
    expect(await claim(stage)).toEqual([]);
    await store(stage, ordered(stage, { onDead: 'block' }));
    expect(await claim(stage)).toEqual([]);
    await stage.storage.reopen([{ key: dead.key, round: 1, settlement: { to: 'pending', delayMs: 0, forget: true }, run: null }]);
    const again = only(await claim(stage));
    expect(again.key.root).toBe(first);
    await settle(stage, again);
    expect(await claimRoots(stage)).toEqual([second]);
  });

  scenario('waits behind a dead one that blocks until it is given up', async (stage) => {
    const [head, other] = [ordered(stage, { onDead: 'block' }), ordered(stage, { key: 'issue-2' })];
    await store(stage, head, other);
    const second = ordered(stage);
    await store(stage, second);
    const claimed = await claim(stage);
    const dead = only(claimed.filter(({ key }) => key.root === head.root));
    const skipped = only(claimed.filter(({ key }) => key.root === other.root));
    await settle(stage, dead, { to: 'dead' });
    await settle(stage, skipped, { to: 'dead' });
    const giveUp = { key: dead.key, round: 1, settlement: { to: 'cancelled' }, run: null } as const;
    expect(
      statuses(
        await stage.storage.cancel([
          { ...giveUp, key: skipped.key },
          { ...giveUp, round: 2 },
        ]),
      ),
    ).toEqual(['stale', 'stale']);
    const error = { code: 'attempts_exhausted', message: 'Given up.' };
    expect(statuses(await stage.storage.cancel([{ ...giveUp, settlement: { to: 'dead', error } }]))).toEqual(['stale']);
    expect(await claim(stage)).toEqual([]);
    expect(statuses(await stage.storage.cancel([giveUp]))).toEqual(['done']);
    expect(statuses(await stage.storage.cancel([giveUp]))).toEqual(['done']);
    const record = await recordOf(stage, head);
    expect(record).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Number), ordering: { onDead: 'block' } });
    expect(await claimRoots(stage)).toEqual([second.root]);
  });

  scenario('goes on behind one that is cancelled, and passes over one that was cancelled while it waited', async (stage) => {
    const items = [ordered(stage), ordered(stage), ordered(stage), ordered(stage)];
    const roots = await store(stage, ...items);
    const [head, waiting, third] = await Promise.all(items.map((item) => recordOf(stage, item)));
    const cancelled = { round: 1, settlement: { to: 'cancelled' }, run: null } as const;
    if (head === undefined || waiting === undefined || third === undefined) throw new Error('There are four.');
    expect(statuses(await stage.storage.cancel([{ ...cancelled, key: waiting.key }]))).toEqual(['done']);
    expect(statuses(await stage.storage.cancel([{ ...cancelled, key: head.key }]))).toEqual(['done']);
    const dispatch = only(await claim(stage));
    expect(dispatch.key.root).toBe(roots[2]);
    await settle(stage, dispatch);
    expect(await claimRoots(stage)).toEqual([roots[3]]);
  });

  scenario('goes on behind a run that is cancelled', async (stage) => {
    const { storage } = stage;
    const items = [ordered(stage), ordered(stage)];
    const [first, second] = await store(stage, ...items);
    const run = await storage.history.run({ tenant: stage.samples.tenant, root: first ?? '', automation, replay: 0 });
    if (run === null) throw new Error('The run is not there.');
    const change = { key: run.key, revision: run.revision };
    expect(await storage.cancelRun(change)).toEqual({ status: 'done' });
    expect(await storage.cancelRun(change)).toEqual({ status: 'done' });
    expect(await claimRoots(stage)).toEqual([second]);
  });
}

/** What keeps a turn from ending, what ends it, and who comes next. */
export function turnConcern(scenario: Scenario): void {
  describe('the turn of an ordering key', () => {
    heads(scenario);
  });
}
