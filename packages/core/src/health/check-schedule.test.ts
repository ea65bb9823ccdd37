import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broughtForward, checkVerdict, nextCheck, putOff } from './check-schedule.ts';
import { type HealthState, unknownHealth } from './health-state.ts';

const now = 1_800_000_000_000;
const minute = 60_000;
const day = 1_440 * minute;
const usual = { now, checkEveryMs: 15 * minute, connectedAt: now - 30 * day };

const used: HealthState = { ...unknownHealth, lastSuccessAt: now - 1 };
const failing = (failedInRow: number): HealthState => ({ ...used, check: { at: now, healthy: false, latencyMs: 1, failedInRow } });
const inMs = (state: HealthState, chance = 0.5) => nextCheck(state, { ...usual, chance }).at - now;

describe('the time of the next look', () => {
  it('is a usual time away, four times that where nobody has used the connection for a day', () => {
    expect(inMs(used)).toBe(15 * minute);
    expect(inMs({ ...unknownHealth, lastEventAt: now - day })).toBe(15 * minute);
    expect(inMs({ ...unknownHealth, lastSuccessAt: now - day - 1 })).toBe(60 * minute);
    expect(nextCheck(unknownHealth, { ...usual, chance: 0.5, connectedAt: now }).at - now).toBe(15 * minute);
  });

  it('is near after looks that failed, and goes away with each of them up to the usual time', () => {
    expect([1, 2, 3, 4, 100].map((count) => inMs(failing(count)) / minute)).toEqual([2, 4, 8, 15, 15]);
  });

  it('never leaves a fifth of its time to either side, and is another for another chance', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
        expect(inMs(used, chance)).toBeGreaterThanOrEqual(12 * minute - 1);
        expect(inMs(used, chance)).toBeLessThanOrEqual(18 * minute);
      }),
    );
    expect(inMs(used, 0)).not.toBe(inMs(used, 1));
  });
});

describe('a look', () => {
  const planned = (at: number, isPutOff = false): HealthState => ({ ...used, next: { at, isPutOff } });

  it('is made when it is due, and put off once where it was due long ago or never planned', () => {
    expect(checkVerdict(planned(now + 1), now)).toBe('wait');
    expect(checkVerdict(planned(now), now)).toBe('look');
    expect(checkVerdict(planned(now - 5 * minute), now)).toBe('look');
    expect(checkVerdict(planned(now - 5 * minute - 1), now)).toBe('put_off');
    expect(checkVerdict(planned(now - day, true), now)).toBe('look');
    expect(checkVerdict(unknownHealth, now)).toBe('put_off');
  });

  it('that is put off comes anywhere within the usual time', () => {
    expect([0, 0.5, 1].map((chance) => putOff({ ...usual, chance }).at - now)).toEqual([0, 7.5 * minute, 15 * minute]);
  });

  it('is brought forward by a failure, never put back, and goes by its own pace once looks fail', () => {
    const forward = (state: HealthState, hasLooked = false) => broughtForward(state, { now, chance: 0.5, hasLooked }).next;
    expect(forward(planned(now + 15 * minute))).toEqual({ at: now + minute, isPutOff: false });
    expect(forward(planned(now + 1_000))).toEqual({ at: now + 1_000, isPutOff: false });
    expect(forward(used)).toBeNull();
    expect(forward({ ...failing(2), next: { at: now + 15 * minute, isPutOff: false } })?.at).toBe(now + 15 * minute);
    expect(forward({ ...failing(2), next: { at: now + 15 * minute, isPutOff: false } }, true)?.at).toBe(now + 4 * minute);
  });
});
