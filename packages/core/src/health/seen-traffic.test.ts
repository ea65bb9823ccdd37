import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json/json.ts';
import { callClasses, callClassOf } from './call-class.ts';
import { decayed, leftAfter } from './decay.ts';
import { healthName, readHealth, unknownHealth, writeHealth } from './health-state.ts';
import { addSeen, isAlarming, noteCall, nothingSeen } from './seen-traffic.ts';

const now = 1_800_000_000_000;

function seenCalls(names: readonly (typeof callClasses)[number][], at = now) {
  const seen = nothingSeen();
  for (const [index, name] of names.entries())
    noteCall(seen, { name, tookMs: name === 'network' ? null : 30, at: at + index, code: name === 'succeeded' ? null : name });
  return seen;
}

describe('what was seen of calls', () => {
  it('weighs half after its half-life, and loses nothing where clocks differ', () => {
    expect([leftAfter(600_000, 600_000), leftAfter(0, 600_000), leftAfter(-5_000, 600_000)]).toEqual([0.5, 1, 1]);
    expect(decayed([8, 0.01, 1], 1_200_000, 600_000)).toEqual([2, 0, 0.25]);
    const state = addSeen(unknownHealth, seenCalls(['succeeded', 'succeeded', 'rate']), now);
    const later = addSeen(state, seenCalls(['succeeded']), now + 600_000);
    expect([later.calls[0], later.calls[6]]).toEqual([2, 0.5]);
  });

  it('is the same whoever adds first', () => {
    const some = fc.array(fc.constantFrom(...callClasses), { maxLength: 30 });
    fc.assert(
      fc.property(some, some, (left, right) => {
        const one = addSeen(addSeen(unknownHealth, seenCalls(left), now), seenCalls(right), now);
        const other = addSeen(addSeen(unknownHealth, seenCalls(right), now), seenCalls(left), now);
        expect([one.calls, one.recent, one.lastSuccessAt, one.lastFailureAt]).toEqual([
          ...[other.calls, other.recent],
          ...[other.lastSuccessAt, other.lastFailureAt],
        ]);
      }),
    );
  });

  it('says when the last went well, and when and why the last did not', () => {
    const state = addSeen(unknownHealth, seenCalls(['auth', 'succeeded', 'timeout', 'succeeded']), now);
    expect(state).toMatchObject({ lastSuccessAt: now + 3, lastFailureAt: now + 2, lastFailure: 'timeout' });
    // Of another process, whose failure was before.
    expect(addSeen(state, seenCalls(['auth'], now - 10), now)).toMatchObject({ lastFailureAt: now + 2, lastFailure: 'timeout' });
  });

  it('alarms where something failed that says something of the connection, and nothing went well after it', () => {
    expect(isAlarming(seenCalls(['succeeded', 'network']))).toBe(true);
    expect(isAlarming(seenCalls(['network', 'succeeded']))).toBe(false);
    expect(isAlarming(seenCalls(['not_found', 'conflict', 'invalid', 'rate']))).toBe(false);
    expect(isAlarming(nothingSeen())).toBe(false);
  });

  it('counts looks that failed in a row, and begins anew with one that did not', () => {
    let state = unknownHealth;
    const look = (healthy: boolean, at: number): number | undefined => {
      state = addSeen(state, { ...nothingSeen(), check: { at, healthy, latencyMs: 5 } }, at);
      return state.check?.failedInRow;
    };
    expect([look(false, now), look(false, now + 1), look(true, now + 2), look(false, now + 3)]).toEqual([1, 2, 0, 1]);
    // One that another process made before comes too late to say anything.
    expect(look(true, now - 5)).toBe(1);
  });

  it('learns the usual gap between events', () => {
    let state = unknownHealth;
    for (let count = 0; count < 30; count += 1) {
      const at = now + count * 60_000;
      state = addSeen(state, { ...nothingSeen(), events: 1, firstEventAt: at, lastEventAt: at }, at);
    }
    expect(state).toMatchObject({ gapMs: 60_000, gaps: 29, lastEventAt: now + 29 * 60_000 });
    const end = now + 40 * 60_000;
    const many = addSeen(state, { ...nothingSeen(), events: 11, firstEventAt: now + 30 * 60_000, lastEventAt: end }, end);
    expect(many).toMatchObject({ gapMs: 60_000, gaps: 40 });
  });

  it('has a class for each code of a service, and one for the rest', () => {
    expect((['authentication_failed', 'timeout', 'provider_rejected', 'internal'] as const).map(callClassOf)).toEqual([
      ...['auth', 'timeout'],
      ...['invalid', 'unknown'],
    ]);
  });
});

describe('the state of a connection as it is stored', () => {
  it('is read as it was written', () => {
    const state = {
      ...addSeen(unknownHealth, seenCalls(['succeeded', 'network']), now),
      check: { at: now, healthy: false, latencyMs: 12, failedInRow: 3 },
      next: { at: now + 5, isPutOff: true },
      scores: [{ at: now, score: 81.5 }],
      level: 'good' as const,
      warning: 'score_falling' as const,
    };
    const written: Json = JSON.parse(JSON.stringify(writeHealth(state, 'a')));
    expect(readHealth(written)).toEqual(state);
    expect(writeHealth(state, 'a')).not.toEqual(writeHealth(state, 'b'));
    expect(JSON.stringify(written).length).toBeLessThan(1_000);
    expect(healthName('c1')).toBe('connection-health:c1');
  });

  it('is not known where it is none, whatever stands there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const state = readHealth(value as Json);
        expect(Number.isFinite(state.at) && state.calls.every((count) => count >= 0)).toBe(true);
      }),
    );
    for (const value of [undefined, null, 7, [], 'x']) expect(readHealth(value)).toEqual(unknownHealth);
    const broken = { at: -1, calls: 'x', check: [1], next: ['x'], scores: [[1]], level: 'best', warning: 'doom', gapMs: Number.NaN };
    expect(readHealth(broken)).toEqual(unknownHealth);
  });
});
