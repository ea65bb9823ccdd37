import { describe, expect, it } from 'vitest';
import { noQuota } from './quota-state.ts';
import { leaseTold, mergeTold } from './told-quota.ts';

const told = { limit: 40, remaining: 37, windowMs: undefined };
const ask = { holder: 'one', left: 0, used: 0, usedAt: 0, wanted: 1 };

describe('a limit that answers tell', () => {
  it('does not take an answer of the window before, which was long on its way, for one of the window that has begun', () => {
    const first = mergeTold(noQuota, { ...told, endsFrom: 10_000, endsTo: 10_000 }, 0);
    const rolled = leaseTold(first, { ...ask, now: 10_000 }).state;
    expect(rolled).toMatchObject({ remaining: 39, isGuess: true });
    // Sent at 0 with ten seconds left, and heard ten seconds later: the window that it tells of is over.
    expect(mergeTold(rolled, { ...told, endsFrom: 10_000, endsTo: 20_000 }, 10_000)).toEqual(rolled);
    const right = mergeTold(rolled, { ...told, endsFrom: 70_000, endsTo: 70_000 }, 10_100);
    expect(right).toMatchObject({ remaining: 37, isGuess: false, resetsAt: 70_000 });
  });

  it('is asked once a second where its service tells a window that has passed already, so that a wrong clock stops nothing', () => {
    const wrong = mergeTold(noQuota, { ...told, endsFrom: 5_000, endsTo: 5_000 }, 10_000);
    expect(leaseTold(wrong, { ...ask, now: 10_000 }).count).toBe(1);
    expect(leaseTold(noQuota, { ...ask, now: 10_000 }).count).toBe(1);
  });
});
