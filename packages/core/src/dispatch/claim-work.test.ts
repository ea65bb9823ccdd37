import { describe, expect, it } from 'vitest';
import type { ClaimRequest } from '../contracts/claim-request.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Executor } from '../contracts/executor.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { claimedDispatch, policyWith } from './__fixtures__/claimed-dispatch.ts';
import { recordingStore } from './__fixtures__/recording-store.ts';
import { createWorkClaimer } from './claim-work.ts';
import { createLeaseWatch } from './lease-watch.ts';
import { createSlots } from './slots.ts';

const executor: Executor = {
  handler: 'action:service@1',
  policy: () => policyWith(),
  execute: async () => ({ outcome: 'succeeded', output: null }),
};

/** A claimer of four slots over a store that answers each claim as given. */
function setting(
  answer: (request: ClaimRequest) => Promise<readonly ClaimedDispatch[]> | readonly ClaimedDispatch[],
  handlers = [executor.handler],
) {
  const clock = createManualClock();
  const asked: ClaimRequest[] = [];
  const storage = recordingStore({
    claim: async (request) => {
      asked.push(request);
      return answer(request);
    },
  });
  const watch = createLeaseWatch({ store: storage, clock, holder: 'worker-a', leaseMs: 30_000, logger: silentLogger });
  const slots = createSlots(4, () => watch.count);
  let accepts = true;
  const claimer = createWorkClaimer({
    storage,
    clock,
    holder: 'worker-a',
    watch,
    slots,
    accepts: () => accepts,
    figures: { concurrency: 4, leaseMs: 30_000, pollMs: 1_000, graceMs: 10_000, replayShare: 0.25 },
    executors: new Map(handlers.map((handler) => [handler, executor])),
    take: (dispatch, askedAt) => void watch.hold(dispatch, askedAt),
  });
  const stop = (): void => {
    accepts = false;
  };
  return { clock, claimer, asked, slots, watch, stop, kinds: () => asked.map(({ kind, limit }) => `${kind} ${limit}`) };
}

const dispatches = (count: number, changes: Partial<ClaimedDispatch> = {}) =>
  Array.from({ length: count }, (_, index) => claimedDispatch({ ...changes, handle: `${changes.crashes ?? 0}-${index}` }));

describe('a look for work', () => {
  it('asks for one suspect, and for as many ready dispatches as there are slots', async () => {
    const { claimer, kinds, asked } = setting(() => []);
    expect(await claimer.look({ everywhere: false })).toEqual({ started: 0, more: false });
    expect(kinds()).toEqual(['suspect 1', 'ready 4']);
    expect(asked[1]).toMatchObject({ holder: 'worker-a', handlers: ['action:service@1'], ttlMs: 30_000, replayShare: 0.25 });
  });

  it('says that there may be more where the store filled every slot', async () => {
    const { claimer } = setting(({ kind }) => (kind === 'ready' ? dispatches(4) : []));
    expect(await claimer.look({ everywhere: false })).toEqual({ started: 4, more: true });
  });

  it('asks for nothing without a free slot, and says that there may be more', async () => {
    const { claimer, slots, kinds } = setting(() => []);
    slots.reserve(4);
    expect(await claimer.look({ everywhere: false })).toEqual({ started: 0, more: true });
    expect(kinds()).toEqual([]);
  });

  it('asks for nothing where this process has no handler', async () => {
    const { claimer, kinds } = setting(() => [], []);
    expect(await claimer.look({ everywhere: true })).toEqual({ started: 0, more: false });
    expect(kinds()).toEqual([]);
  });

  it('asks for no more once this process stops, not even within a look', async () => {
    const { claimer, stop, kinds } = setting(() => {
      stop();
      return [];
    });
    expect(await claimer.look({ everywhere: false })).toEqual({ started: 0, more: false });
    expect(kinds()).toEqual(['suspect 1']);
  });

  it('keeps its slots from others while the store is asked', async () => {
    const answer = Promise.withResolvers<ClaimedDispatch[]>();
    const { claimer, slots } = setting(({ kind }) => (kind === 'ready' ? answer.promise : []));
    const look = claimer.look({ everywhere: false });
    await new Promise((resolve) => setImmediate(resolve));
    expect(slots.reserve(1)).toBe(0);
    answer.resolve(dispatches(1));
    await look;
    expect(slots.free()).toBe(3);
  });

  it('is one at a time, however many ask for it', async () => {
    let under = 0;
    let most = 0;
    const { claimer, kinds } = setting(async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
      return [];
    });
    await Promise.all([claimer.look({ everywhere: true }), claimer.look({ everywhere: true })]);
    expect(most).toBe(1);
    expect(kinds()).toHaveLength(4);
    expect(claimer.looking).toBe(0);
  });

  it('that fails lets go of its slots, has lost leases looked for, and does not keep the next from looking', async () => {
    const errors = [new Error('read ECONNRESET')];
    const { claimer, slots, clock } = setting(() => {
      const error = errors.pop();
      if (error) throw error;
      return [];
    });
    await expect(claimer.look({ everywhere: true })).rejects.toThrow('ECONNRESET');
    expect(slots.free()).toBe(4);
    expect(clock.pending).toBe(1);
    expect(await claimer.look({ everywhere: true })).toEqual({ started: 0, more: false });
  });
});

describe('a suspect', () => {
  const oneSuspect = ({ kind }: ClaimRequest) => (kind === 'suspect' ? dispatches(1, { crashes: 1 }) : []);

  it('is looked for once in a poll interval, unless everywhere is looked or one has just ended', async () => {
    const { claimer, clock, kinds } = setting(() => []);
    const suspectsAsked = async (everywhere = false) => {
      const before = kinds().length;
      await claimer.look({ everywhere });
      return kinds().slice(before).includes('suspect 1');
    };
    expect(await suspectsAsked()).toBe(true);
    clock.advance(999);
    expect(await suspectsAsked()).toBe(false);
    clock.advance(1);
    expect(await suspectsAsked()).toBe(true);
    expect(await suspectsAsked(true)).toBe(true);
    expect(await suspectsAsked()).toBe(false);
    claimer.lookForSuspects();
    expect(await suspectsAsked()).toBe(true);
  });

  it('is alone: no other is asked for while one is under way', async () => {
    const { claimer, kinds, watch } = setting(oneSuspect);
    await claimer.look({ everywhere: true });
    await claimer.look({ everywhere: true });
    expect(kinds()).toEqual(['suspect 1', 'ready 3', 'ready 3']);
    for (const running of watch.all()) watch.drop(running);
    await claimer.look({ everywhere: true });
    expect(kinds().slice(3)).toEqual(['suspect 1', 'ready 3']);
  });
});
