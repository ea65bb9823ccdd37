import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Outcome } from '../contracts/executor.ts';
import type { IdempotencyClass } from '../contracts/idempotency.ts';
import { claimedDispatch, policyWith, storeNow } from './__fixtures__/claimed-dispatch.ts';
import { resolveOutcome } from './resolve-outcome.ts';

const error = { code: 'provider_unavailable', message: 'The service is away.' };
const failedOnce: Outcome = { outcome: 'failed', error, retryable: true };
const lost: Outcome = { outcome: 'unknown', error };

const resolve = (outcome: Outcome, changes: { dispatch?: Partial<ClaimedDispatch>; policy?: Partial<ExecutionPolicy> } = {}) =>
  resolveOutcome({ dispatch: claimedDispatch(changes.dispatch), policy: policyWith(changes.policy), outcome, random: 0.5 });

describe('resolveOutcome', () => {
  it('writes no attempt for what only waited', () => {
    expect(resolve({ outcome: 'deferred', delayMs: 700, reason: 'connection' })).toEqual({
      write: 'defer',
      delayMs: 700,
      reason: 'connection',
      nothingSent: true,
    });
  });

  it('keeps what a try tells of its exchange, whatever came of it, and nothing where it tells nothing', () => {
    const exchange = '{"status":503}';
    for (const outcome of [
      { ...failedOnce, exchange },
      { ...lost, exchange },
      { outcome: 'succeeded' as const, output: null, exchange },
    ])
      expect(resolve(outcome)).toMatchObject({ exchange });
    expect(resolve(failedOnce)).toMatchObject({ exchange: null });
  });

  it("keeps the provider's id of a request that failed, and of one of which nobody knows what it did", () => {
    const named = { ...error, providerRequestId: 'r2' };
    for (const outcome of [
      { ...failedOnce, error: named },
      { ...failedOnce, retryable: false, error: named },
      { ...lost, error: named },
    ])
      expect(resolve(outcome)).toMatchObject({ providerRequestId: 'r2' });
    expect(resolve(failedOnce)).toMatchObject({ providerRequestId: null });
  });

  it('ends a success with its output', () => {
    const outcome: Outcome = { outcome: 'succeeded', output: '{"id":7}', providerRequestId: 'r1', warnings: ['late'] };
    expect(resolve(outcome)).toMatchObject({
      outcome: 'succeeded',
      settlement: { to: 'succeeded', output: '{"id":7}' },
      end: { ended: 'succeeded', output: '{"id":7}' },
      providerRequestId: 'r1',
      warnings: ['late'],
      retryInMs: null,
    });
  });

  describe('after a failure', () => {
    it('tries again after the wait of the schedule', () => {
      expect(resolve(failedOnce, { dispatch: { attempts: 2 } })).toMatchObject({
        outcome: 'failed',
        settlement: { to: 'pending', delayMs: 3_000, reason: 'retry', unknown: false },
        retryInMs: 3_000,
        end: null,
      });
    });

    it.each([
      [10_000, 10_000],
      [500, 1_000],
      [90_000_000, 3_600_000],
    ])(
      'waits as long as the provider asks, but not less than the schedule nor more than an hour: %i ms asked, %i ms waited',
      (asked, waited) => {
        expect(resolve({ ...failedOnce, retryAfterMs: asked })).toMatchObject({ settlement: { delayMs: waited }, retryInMs: waited });
      },
    );

    it('closes the lane for everybody for as long as the provider asks', () => {
      const limited: Outcome = { ...failedOnce, retryAfterMs: 20_000, closeLane: 'rate_limited' };
      expect(resolve(limited)).toMatchObject({
        settlement: { to: 'pending', delayMs: 20_000, reason: 'rate_limited' },
        closeLane: { reason: 'rate_limited', forMs: 20_000 },
      });
      expect(resolve({ ...failedOnce, closeLane: 'rate_limited' })).toMatchObject({ closeLane: null });
    });

    it('closes the lane although this dispatch is done for', () => {
      const limited: Outcome = { ...failedOnce, retryAfterMs: 20_000, closeLane: 'rate_limited' };
      expect(resolve(limited, { dispatch: { attempts: 4 } })).toMatchObject({
        settlement: { to: 'dead' },
        closeLane: { reason: 'rate_limited', forMs: 20_000 },
      });
    });

    it('dies of what no repeat mends, and at the cap', () => {
      expect(resolve({ ...failedOnce, retryable: false })).toMatchObject({ settlement: { to: 'dead' }, end: { ended: 'failed', error } });
      const last = resolve(failedOnce, { dispatch: { attempts: 4 } });
      expect(last).toMatchObject({ settlement: { to: 'dead' }, end: { ended: 'failed' }, retryInMs: null });
      expect(last).toHaveProperty('error.message', 'The service is away. Given up after 5 attempts. Mend the cause and retry it by hand.');
    });

    it.each<[IdempotencyClass, boolean]>([
      ['read', false],
      ['idempotent', true],
      ['keyed', true],
      ['reconcilable', false],
      ['unsafe', true],
    ])('of a %s dispatch that may have happened before, keeps that in mind: %s', (idempotency, unknown) => {
      const before = { dispatch: { unknownSince: storeNow - 1_000 }, policy: { idempotency } };
      expect(resolve(failedOnce, before)).toMatchObject({ settlement: { to: 'pending', unknown } });
      const last = { ...before, dispatch: { ...before.dispatch, attempts: 4 } };
      expect(resolve(failedOnce, last)).toMatchObject({ settlement: { to: unknown ? 'held' : 'dead' } });
      expect(resolve({ ...failedOnce, retryable: false }, before)).toMatchObject({ settlement: { to: unknown ? 'held' : 'dead' } });
    });

    it('is dead whatever came before where a key is never forgotten: a repeat is harmless whenever it comes', () => {
      const policy = { idempotency: 'keyed', keyLifetimeMs: Number.POSITIVE_INFINITY } as const;
      const before = { dispatch: { unknownSince: storeNow - 1_000, attempts: 4 }, policy };
      expect(resolve(failedOnce, before)).toMatchObject({ settlement: { to: 'dead' } });
    });
  });

  describe('after an outcome that nobody knows', () => {
    it.each<[IdempotencyClass, string]>([
      ['read', 'pending'],
      ['idempotent', 'pending'],
      ['keyed', 'pending'],
      ['reconcilable', 'pending'],
      ['unsafe', 'held'],
    ])('goes the way of the class: %s is then %s', (idempotency, to) => {
      expect(resolve(lost, { policy: { idempotency } })).toMatchObject({ settlement: { to } });
    });

    it('remembers that it may have happened, except for what only reads', () => {
      expect(resolve(lost)).toMatchObject({ outcome: 'unknown', settlement: { reason: 'unknown', unknown: true } });
      expect(resolve(lost, { policy: { idempotency: 'read' } })).toMatchObject({ outcome: 'failed', settlement: { unknown: false } });
    });

    it('repeats an unsafe one where its author says so', () => {
      expect(resolve(lost, { policy: { idempotency: 'unsafe', onUnknown: 'retry' } })).toMatchObject({ settlement: { to: 'pending' } });
    });

    it.each(['idempotent', 'keyed', 'reconcilable'] as const)('holds a %s one at the cap instead of calling it dead', (idempotency) => {
      const held = resolve(lost, { dispatch: { attempts: 4 }, policy: { idempotency } });
      expect(held).toMatchObject({ outcome: 'unknown', settlement: { to: 'held' }, error: { code: 'outcome_unknown' }, end: null });
    });

    it('holds one whose key the provider has forgotten', () => {
      expect(resolve(lost, { dispatch: { firstSentAt: storeNow - 86_400_001 } })).toMatchObject({ settlement: { to: 'held' } });
    });
  });

  it('raises attempts by every outcome alike, so that no mix of them outlives the cap', () => {
    const outcomes = fc.constantFrom(failedOnce, lost, { ...failedOnce, retryAfterMs: 5_000, closeLane: 'rate_limited' as const });
    const classes = fc.constantFrom<IdempotencyClass>('read', 'idempotent', 'keyed', 'reconcilable', 'unsafe');
    fc.assert(
      fc.property(outcomes, classes, fc.integer({ min: 4, max: 40 }), fc.boolean(), (outcome, idempotency, attempts, unknown) => {
        const dispatch = { attempts, unknownSince: unknown ? storeNow - 1 : null };
        const resolution = resolve(outcome, { dispatch, policy: { idempotency, onUnknown: 'retry' } });
        expect(resolution).toHaveProperty('settlement.to', expect.stringMatching(/^(dead|held)$/));
      }),
    );
  });
});
