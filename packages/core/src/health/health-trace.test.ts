import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallClass } from './call-class.ts';
import type { HealthLevel } from './health-level.ts';
import type { BreakerPosition } from './health-signals.ts';
import { type HealthState, unknownHealth } from './health-state.ts';
import type { HealthTrend } from './health-trend.ts';
import { judgeHealth } from './judge-health.ts';
import { addSeen, noteCall, nothingSeen, type SeenTraffic } from './seen-traffic.ts';
import type { WarningReason } from './warning-reason.ts';

/** What was seen in one minute, and what the formula of the guide makes of it; worked out by another program than this one. */
interface Minute {
  readonly calls: { readonly [Class in CallClass]?: number };
  /** How long each answered call took. */
  readonly ms: number;
  readonly check?: boolean;
  readonly breaker?: BreakerPosition;
  readonly quotaLeft?: number;
  readonly score: number;
  readonly level: HealthLevel;
  readonly trend: HealthTrend;
  readonly warning: WarningReason | null;
}

const begin = 1_800_000_000_000;
const unanswered: ReadonlySet<string> = new Set(['network', 'timeout']);

function traceOf(name: string): readonly Minute[] {
  const { minutes }: { readonly minutes: readonly Minute[] } = JSON.parse(
    readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), 'utf8'),
  );
  return minutes;
}

function seenIn({ calls, ms, check }: Minute, at: number): SeenTraffic {
  const seen = nothingSeen();
  for (const [name, count] of Object.entries(calls))
    for (let call = 0; call < count; call += 1)
      noteCall(seen, {
        name: name as CallClass,
        tookMs: unanswered.has(name) ? null : ms,
        at,
        code: name === 'succeeded' ? null : 'network',
      });
  if (check !== undefined) seen.check = { at, healthy: check, latencyMs: ms };
  return seen;
}

/** What stands after each minute. */
function judged(minutes: readonly Minute[]) {
  let state: HealthState = unknownHealth;
  return minutes.map((minute, index) => {
    const now = begin + (index + 1) * 60_000;
    const { breaker = 'closed', quotaLeft = null } = minute;
    const facts = { connector: 'github', status: 'active', credentialExpiresAt: null, breaker, quotaLeft } as const;
    const next = judgeHealth(addSeen(state, seenIn(minute, now), now), facts, now);
    state = next.state;
    const { score, trend, warning } = next.verdict;
    return { minute: index + 1, score, level: state.level, trend, warning: warning?.reason ?? null };
  });
}

describe('the score of a recorded trace', () => {
  it.each(['healthy', 'slow-degradation', 'outage'])('is the known one at every minute: %s', (name) => {
    const minutes = traceOf(name);
    const known = minutes.map(({ score, level, trend, warning }, index) => ({ minute: index + 1, score, level, trend, warning }));
    expect(judged(minutes)).toEqual(known);
  });

  it('warns of a slow decline more than half an hour before the connection is poor, and of a healthy one never', () => {
    const decline = judged(traceOf('slow-degradation'));
    const warned = decline.findIndex(({ warning }) => warning === 'score_falling');
    const poor = decline.findIndex(({ level }) => level === 'poor');
    expect(decline.slice(warned, poor).every(({ warning }) => warning === 'score_falling')).toBe(true);
    expect(poor - warned).toBeGreaterThan(30);
    expect(new Set(judged(traceOf('healthy')).map(({ warning, level }) => `${warning} ${level}`))).toEqual(new Set(['null good']));
  });

  it('is poor within three minutes of an outage, and good within three of its end, without going back and forth', () => {
    const levels = judged(traceOf('outage')).map(({ level }) => level);
    expect(levels.indexOf('poor')).toBeLessThanOrEqual(23);
    expect(levels.lastIndexOf('degraded')).toBeLessThanOrEqual(42);
    expect(levels.filter((level, index) => level !== levels[index - 1])).toEqual(['good', 'poor', 'degraded', 'good']);
  });
});
