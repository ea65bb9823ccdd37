import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callClasses } from './call-class.ts';
import { levelOf } from './health-level.ts';
import { healthScore } from './health-score.ts';
import type { HealthSignals } from './health-signals.ts';
import { classHarm, partWeights, scoreOrder } from './score-parts.ts';
import { warningReasons } from './warning-reason.ts';

const now = 1_800_000_000_000;
const hour = 3_600_000;
const day = 24 * hour;

const well: HealthSignals = {
  at: now,
  status: 'active',
  calls: { succeeded: 100 },
  latency: { recentMs: 100, usualMs: 100 },
  quotaLeft: 1,
  credential: { expiresAt: null, failedRenewals: 0 },
  breaker: 'closed',
  failedChecks: 0,
  events: { lastAt: now - 60_000, usualGapMs: 60_000 },
  scores: [],
  warning: null,
};

const falling = (from: number, perHour: number) =>
  [5, 4, 3, 2, 1].map((step) => ({ at: now - step * 300_000, score: from + (step * perHour) / 12 }));

const count = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.nat(1_000));
const time = fc.integer({ min: 0, max: now * 2 });
const arbitrary: fc.Arbitrary<HealthSignals> = fc.record({
  at: fc.constant(now),
  status: fc.constantFrom('active', 'error', 'initializing', 'token_expired', 'token_invalid', 'disconnected'),
  calls: fc.record(Object.fromEntries(callClasses.map((name) => [name, count])), { requiredKeys: [] }),
  latency: fc.record({ recentMs: fc.option(count), usualMs: fc.option(count) }),
  quotaLeft: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  credential: fc.record({ expiresAt: fc.option(time), failedRenewals: fc.nat(100_000) }),
  breaker: fc.constantFrom('closed', 'half_open', 'open'),
  failedChecks: fc.nat(100_000),
  events: fc.record({ lastAt: fc.option(time), usualGapMs: fc.option(count) }),
  scores: fc.array(fc.record({ at: time, score: fc.double({ min: 0, max: 100, noNaN: true }) }), { maxLength: 12 }),
  warning: fc.option(fc.constantFrom(...warningReasons)),
});

describe('a health score', () => {
  it('is a number from 0 to 100 with parts from 0 to 1, whatever was seen', () => {
    fc.assert(
      fc.property(arbitrary, (signals) => {
        const { score, parts } = healthScore(signals);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        for (const part of scoreOrder) expect(parts[part] >= 0 && parts[part] <= 1, part).toBe(true);
      }),
    );
  });

  it('never rises where a call fails that went well, or fails worse', () => {
    const places = fc.constantFrom(...callClasses);
    fc.assert(
      fc.property(arbitrary, places, places, fc.nat(50), (signals, one, other, some) => {
        const [better, worse] = classHarm[one] <= classHarm[other] ? [one, other] : [other, one];
        const calls = { ...signals.calls, [better]: (signals.calls[better] ?? 0) + some };
        const before = healthScore({ ...signals, calls });
        const after = healthScore({
          ...signals,
          calls: { ...calls, [better]: (calls[better] ?? 0) - some, [worse]: (calls[worse] ?? 0) - (better === worse ? some : 0) + some },
        });
        expect(after.score).toBeLessThanOrEqual(before.score);
      }),
    );
  });

  it('never rises with more looks or renewals that failed, a slower service, less quota, a nearer end or an opening breaker', () => {
    const worsenings: readonly ((signals: HealthSignals) => HealthSignals)[] = [
      (signals) => ({ ...signals, failedChecks: signals.failedChecks + 1 }),
      (signals) => ({ ...signals, credential: { ...signals.credential, failedRenewals: signals.credential.failedRenewals + 1 } }),
      (signals) => ({ ...signals, latency: { ...signals.latency, recentMs: (signals.latency.recentMs ?? 0) * 2 } }),
      (signals) => ({ ...signals, quotaLeft: (signals.quotaLeft ?? 1) / 2 }),
      (signals) => ({ ...signals, credential: { ...signals.credential, expiresAt: (signals.credential.expiresAt ?? now * 3) - day } }),
      (signals) => ({ ...signals, breaker: 'open' }),
      (signals) => ({ ...signals, status: 'token_invalid' }),
    ];
    fc.assert(
      fc.property(arbitrary, fc.constantFrom(...worsenings), (signals, worsen) => {
        expect(healthScore(worsen(signals)).score).toBeLessThanOrEqual(healthScore(signals).score);
      }),
    );
  });

  it('is worth 100 where nothing speaks against the connection, and where nothing is known', () => {
    expect(Object.values(partWeights).reduce((sum, weight) => sum + weight, 0)).toBe(100);
    expect(healthScore(well).score).toBe(100);
    const unknown = { calls: {}, latency: { recentMs: null, usualMs: null }, quotaLeft: null, events: { lastAt: null, usualGapMs: null } };
    expect(healthScore({ ...well, ...unknown }).score).toBe(100);
  });

  it.each([
    ['a quarter of the calls away', { calls: { succeeded: 75, network: 25 } }, 80.4],
    ['every call refused', { calls: { auth: 100 } }, 50],
    ["a quarter of the calls the caller's own fault", { calls: { succeeded: 75, invalid: 25 } }, 95.2],
    ['one look failed', { failedChecks: 1 }, 94],
    ['a credential that ends in three and a half days', { credential: { expiresAt: now + 3.5 * day, failedRenewals: 0 } }, 94],
    ['one renewal failed', { credential: { expiresAt: null, failedRenewals: 1 } }, 94],
    ['eight times as slow as usual', { latency: { recentMs: 800, usualMs: 100 } }, 94.7],
    ['an eighth of the quota left', { quotaLeft: 0.125 }, 97.5],
    ['six times the usual gap since the last event', { events: { lastAt: now - 6 * hour, usualGapMs: hour } }, 98.5],
    ['a breaker that tries', { breaker: 'half_open' }, 95],
    ['a breaker that is open', { breaker: 'open' }, 40],
    ['an account that cannot be used', { status: 'error' }, 30],
    ['a credential that is refused', { status: 'token_invalid' }, 0],
  ] as const)('takes the points off that the guide says: %s', (_, signals, score) => {
    expect(healthScore({ ...well, ...signals } as HealthSignals).score).toBe(score);
  });

  it('has a trend once three scores of the last half hour lie ten minutes apart', () => {
    const trend = (scores: HealthSignals['scores']) => healthScore({ ...well, scores }).trend;
    expect(trend(falling(100, 12))).toBe('worsening');
    expect(trend(falling(100, -12))).toBe('improving');
    expect(trend(falling(100, 2))).toBe('steady');
    expect(trend(falling(100, 60).slice(-1))).toBe('steady');
    expect(trend([{ at: now - hour, score: 0 }])).toBe('steady');
  });
});

describe('a warning', () => {
  const reasonOf = (signals: Partial<HealthSignals>) => healthScore({ ...well, ...signals }).warning?.reason ?? null;

  it('comes within three days of the end of a credential, says when, and goes only where that is four days off', () => {
    const ends = (inMs: number, warning: HealthSignals['warning'] = null) =>
      healthScore({ ...well, credential: { expiresAt: now + inMs, failedRenewals: 0 }, warning }).warning;
    expect(ends(3 * day + 1)).toBeNull();
    expect(ends(3 * day)).toEqual({ reason: 'credential_ending', at: now + 3 * day });
    expect(ends(4 * day, 'credential_ending')).not.toBeNull();
    expect(ends(4 * day + 1, 'credential_ending')).toBeNull();
  });

  it('comes where less than a tenth of the quota is left, and goes where a quarter is', () => {
    expect([0.1, 0.09].map((quotaLeft) => reasonOf({ quotaLeft }))).toEqual([null, 'quota_nearly_used']);
    const standing = [0.24, 0.25].map((quotaLeft) => reasonOf({ quotaLeft, warning: 'quota_nearly_used' }));
    expect(standing).toEqual(['quota_nearly_used', null]);
  });

  it('comes after two renewals that failed, and goes with one that does not', () => {
    const renewals = (failedRenewals: number, warning: HealthSignals['warning'] = null) =>
      reasonOf({ credential: { expiresAt: null, failedRenewals }, warning });
    expect([renewals(1), renewals(2), renewals(1, 'renewal_failing'), renewals(0, 'renewal_failing')]).toEqual([
      null,
      'renewal_failing',
      'renewal_failing',
      null,
    ]);
  });

  it('comes where the score would be poor within the hour, says when, and goes where it would not be within two', () => {
    // 40 of 100 calls away: 71.1 points.
    const calls = { succeeded: 60, network: 40 };
    const at = (perHour: number, warning: HealthSignals['warning'] = null) =>
      healthScore({ ...well, calls, scores: falling(71.1, perHour), warning });
    expect(at(18).warning).toBeNull();
    expect(at(24).warning?.reason).toBe('score_falling');
    expect(at(24).warning?.at).toBeGreaterThan(now + 0.8 * hour);
    expect(at(24).warning?.at).toBeLessThan(now + hour);
    expect(at(12, 'score_falling').warning?.reason).toBe('score_falling');
    expect(at(9, 'score_falling').warning).toBeNull();
    // What is rising has its fall behind it.
    expect(healthScore({ ...well, calls, scores: [...falling(90, 60), { at: now - 1, score: 40 }] }).warning).toBeNull();
  });

  it('is none where the connection cannot be used any more', () => {
    expect(reasonOf({ quotaLeft: 0, status: 'error' })).toBeNull();
  });

  it('stays the one that stands, where several hold', () => {
    const both = { quotaLeft: 0, credential: { expiresAt: now, failedRenewals: 0 } };
    expect([reasonOf(both), reasonOf({ ...both, warning: 'quota_nearly_used' })]).toEqual(['credential_ending', 'quota_nearly_used']);
  });
});

describe('a level', () => {
  it('falls at its line and rises five points above it', () => {
    expect([100, 80, 79.9, 50, 49.9, 0].map((score) => levelOf(score, null))).toEqual([
      ...['good', 'good', 'degraded'],
      ...['degraded', 'poor', 'poor'],
    ]);
    expect([84.9, 85, 79.9].map((score) => levelOf(score, 'degraded'))).toEqual(['degraded', 'good', 'degraded']);
    expect([54.9, 55, 84.9, 85].map((score) => levelOf(score, 'poor'))).toEqual(['poor', 'degraded', 'degraded', 'good']);
    expect([80, 79.9, 49].map((score) => levelOf(score, 'good'))).toEqual(['good', 'degraded', 'poor']);
  });
});
