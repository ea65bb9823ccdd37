import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Executor, Finding } from '../contracts/executor.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { claimedDispatch, policyWith, storeNow } from './__fixtures__/claimed-dispatch.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { lookForEffect } from './look-for-effect.ts';

const policy = policyWith({ idempotency: 'reconcilable', settlesWithinMs: 60_000, timeoutMs: 30_000 });
const leaseMs = 30_000;

function look(reconcile: Executor['reconcile'], changes: Partial<ClaimedDispatch> = {}, signal = new AbortController().signal) {
  const dispatch = claimedDispatch({ unknownSince: storeNow - 1_000, ...changes });
  const work = { dispatch, key: idempotencyKeyOf(dispatch.key), attempt: 2, signal, deadline: 27_000 };
  const executor: Executor = {
    handler: dispatch.handler,
    policy: () => policy,
    execute: async () => ({ outcome: 'succeeded', output: null }),
    ...(reconcile ? { reconcile } : {}),
  };
  return lookForEffect({ executor, work, policy, random: 0.5, leaseMs });
}

const answers = (finding: Finding) => async () => finding;
const fails = (error: unknown) => async () => {
  throw error;
};

describe('a look for a lost effect', () => {
  it('that finds it ends the dispatch with what was found', async () => {
    expect(await look(answers({ answer: 'found', output: '{"id":7}' }))).toMatchObject({
      outcome: 'succeeded',
      settlement: { to: 'succeeded', output: '{"id":7}' },
      warnings: ['Found at the provider after an answer was lost.'],
    });
  });

  it('that cannot tell holds the dispatch', async () => {
    const held = await look(answers({ answer: 'cannot_tell', reason: 'the list is truncated' }));
    expect(held).toMatchObject({ outcome: 'unknown', settlement: { to: 'held' } });
    expect(held).toHaveProperty('error.message', expect.stringContaining('the list is truncated'));
  });

  it('by a connector that can no longer look holds the dispatch', async () => {
    expect(await look(undefined)).toMatchObject({ settlement: { to: 'held' } });
  });

  it('that could not be made waits, without an attempt', async () => {
    const waiting = await look(answers({ answer: 'not_now', delayMs: 1_000, reason: 'breaker' }));
    expect(waiting).toEqual({ write: 'defer', delayMs: 1_000, reason: 'breaker', nothingSent: true });
  });

  describe('that does not find it', () => {
    // The request can have been sent as late as the end of the lease and of the call's own time.
    const settledAfter = leaseMs + policy.timeoutMs + policy.settlesWithinMs;

    it('waits, without an attempt, until a request that was sent as late as possible must show', async () => {
      const early = await look(answers({ answer: 'absent' }), { unknownSince: storeNow - settledAfter + 1 });
      expect(early).toEqual({ write: 'defer', delayMs: 1, reason: 'reconcile', nothingSent: true });
    });

    it('then records that it did not happen, before anything is sent again', async () => {
      expect(await look(answers({ answer: 'absent' }), { unknownSince: storeNow - settledAfter })).toMatchObject({
        write: 'settle',
        outcome: 'failed',
        settlement: { to: 'pending', delayMs: 0, unknown: false },
      });
    });

    it('ends the dispatch dead at the cap, for it is known not to have happened', async () => {
      const last = await look(answers({ answer: 'absent' }), { unknownSince: storeNow - settledAfter, attempts: 4 });
      expect(last).toMatchObject({ settlement: { to: 'dead' } });
    });
  });

  describe('that fails', () => {
    it('leaves the outcome unknown and is tried again', async () => {
      const error = new PatchbayError({ code: 'provider_unavailable', message: 'Away.', retryable: true });
      expect(await look(fails(error))).toMatchObject({
        outcome: 'unknown',
        settlement: { to: 'pending', delayMs: 1_000, unknown: true },
        error: { code: 'provider_unavailable' },
      });
    });

    it('for a rate limit waits as long as the provider asks, and closes the lane', async () => {
      const error = new PatchbayError({ code: 'rate_limited', message: 'Slow down.', retryable: true, retryAfterMs: 40_000 });
      expect(await look(fails(error))).toMatchObject({
        settlement: { to: 'pending', delayMs: 40_000, unknown: true },
        closeLane: { reason: 'rate_limited', forMs: 40_000 },
      });
    });

    it('is held at the cap: nobody knows', async () => {
      expect(await look(fails(new Error('boom')), { attempts: 4 })).toMatchObject({ outcome: 'unknown', settlement: { to: 'held' } });
    });

    it('because it was taken back is no attempt', async () => {
      const signal = AbortSignal.abort(new PatchbayError({ code: 'aborted', message: 'The hub stops.' }));
      const echo = new PatchbayError({ code: 'aborted', message: 'The caller stopped the request.' });
      expect(await look(fails(echo), {}, signal)).toEqual({ write: 'defer', delayMs: 0, reason: 'drain', nothingSent: true });
    });
  });
});
