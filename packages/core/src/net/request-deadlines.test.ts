import { describe, expect, it } from 'vitest';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { RequestDeadlines } from './request-deadlines.ts';

function watched() {
  const clock = createManualClock();
  const deadlines = new RequestDeadlines(clock);
  const expired: string[] = [];
  const entry = (name: string, dueAt: number) => ({
    dueAt,
    expire() {
      expired.push(`${name}@${clock.monotonic()}`);
      deadlines.forget(this);
    },
  });
  return { clock, deadlines, expired, entry };
}

describe('RequestDeadlines', () => {
  it('expires each entry at its time, with one timer for all', () => {
    const { clock, deadlines, expired, entry } = watched();
    for (const dueAt of [300, 100, 200, 100]) deadlines.watch(entry(`due ${dueAt}`, dueAt));
    expect(clock.pending).toBe(1);
    clock.advance(99);
    expect(expired).toEqual([]);
    clock.advance(1_000);
    expect(expired).toEqual(['due 100@100', 'due 100@100', 'due 200@200', 'due 300@300']);
    expect(clock.pending).toBe(0);
  });

  it('follows a deadline that moves, in both directions', () => {
    const { clock, deadlines, expired, entry } = watched();
    const later = entry('later', 100);
    const sooner = entry('sooner', 500);
    deadlines.watch(later);
    deadlines.watch(sooner);
    later.dueAt = 400;
    sooner.dueAt = 50;
    deadlines.watch(later);
    deadlines.watch(sooner);
    clock.advance(1_000);
    expect(expired).toEqual(['sooner@50', 'later@400']);
  });

  it('leaves alone what has been forgotten', () => {
    const { clock, deadlines, expired, entry } = watched();
    const done = entry('done', 100);
    deadlines.watch(done);
    deadlines.forget(done);
    deadlines.watch(entry('next', 150));
    clock.advance(1_000);
    expect(expired).toEqual(['next@150']);
  });

  it('keeps no timer once nothing is watched', () => {
    const { clock, deadlines, expired, entry } = watched();
    const [first, second] = [entry('first', 100), entry('second', 100)];
    deadlines.watch(first);
    deadlines.watch(second);
    deadlines.forget(first);
    expect(clock.pending).toBe(1);
    deadlines.forget(second);
    expect(clock.pending).toBe(0);
    deadlines.watch(first);
    clock.advance(100);
    expect([expired, clock.pending]).toEqual([['first@100'], 0]);
  });

  it('sets no timer for a request that begins and ends while another waits longer', () => {
    const { clock, deadlines, entry } = watched();
    let timersSet = 0;
    const counted = new RequestDeadlines({
      ...clock,
      setTimer: (callback, delayMs) => {
        timersSet += 1;
        return clock.setTimer(callback, delayMs);
      },
    });
    counted.watch(entry('long', 100));
    for (let index = 0; index < 1_000; index += 1) {
      const quick = entry('quick', 100);
      counted.watch(quick);
      counted.forget(quick);
    }
    expect(timersSet).toBe(1);
    expect(deadlines.now()).toBe(0);
  });
});
