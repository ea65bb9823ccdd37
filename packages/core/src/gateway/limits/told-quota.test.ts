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

  it('whose window has ended lets one more request find out how it stands where none of those that went was answered', () => {
    const first = mergeTold(noQuota, { limit: 2, remaining: 2, windowMs: undefined, endsFrom: 10_000, endsTo: 10_000 }, 0);
    const spent = leaseTold(leaseTold(first, { ...ask, now: 10_000 }).state, { ...ask, holder: 'two', now: 10_100 });
    expect([spent.count, spent.state.remaining]).toEqual([1, 0]);
    const used = leaseTold(spent.state, { ...ask, holder: 'two', used: 1, now: 10_200 });
    expect(used).toMatchObject({ count: 0, freeAt: expect.any(Number) });
    expect(leaseTold(used.state, { ...ask, holder: 'two', now: 310_000 }).count).toBe(0);
    const probe = leaseTold(used.state, { ...ask, holder: 'two', now: 310_200 });
    expect(probe.count).toBe(1);
    // It is one, and the next one has as long to wait.
    const after = leaseTold(probe.state, { ...ask, holder: 'two', used: 1, now: 310_300 });
    expect(after.count).toBe(0);
    expect(leaseTold(after.state, { ...ask, holder: 'two', now: 610_300 }).count).toBe(1);
    const answered = mergeTold(after.state, { limit: 2, remaining: 1, windowMs: undefined, endsFrom: 350_000, endsTo: 350_000 }, 310_400);
    expect(answered).toMatchObject({ isGuess: false, asksAt: null, resetsAt: 350_000 });
  });

  it('counts for the next window what goes near the end, also where it was leased long before and comes back only now', () => {
    const window = mergeTold(noQuota, { limit: 40, remaining: 40, windowMs: 60_000, endsFrom: 60_000, endsTo: 60_000 }, 0);
    const early = leaseTold(window, { ...ask, wanted: 2, now: 10_000 });
    expect(early.state.late).toBe(0);
    const late = leaseTold(early.state, { ...ask, wanted: 2, now: 59_500 });
    expect(late.state.late).toBe(late.count);
    // What was counted there already is counted once.
    expect(leaseTold(late.state, { ...ask, wanted: 2, now: 59_600 }).state.late).toBe(late.count);
  });

  it('is asked once a second where its service tells a window that has passed already, so that a wrong clock stops nothing', () => {
    const wrong = mergeTold(noQuota, { ...told, endsFrom: 5_000, endsTo: 5_000 }, 10_000);
    expect(leaseTold(wrong, { ...ask, now: 10_000 }).count).toBe(1);
    expect(leaseTold(noQuota, { ...ask, now: 10_000 }).count).toBe(1);
  });
});
