import { describe, expect, it } from 'vitest';
import { fakeClock } from './fake-clock.ts';

describe('fakeClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = fakeClock(1_000);
    await clock.settle();
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
  });

  it('runs timers in order of time, then of setting, each at its own time', async () => {
    const clock = fakeClock(0);
    const seen: [string, number][] = [];
    const set = (name: string, delayMs: number) => clock.setTimer(() => seen.push([name, clock.now()]), delayMs);
    set('late', 30);
    set('first', 10);
    set('second', 10);
    set('beyond', 31);
    await clock.advance(30);
    expect(seen).toEqual([
      ['first', 10],
      ['second', 10],
      ['late', 30],
    ]);
    expect(clock.now()).toBe(30);
  });

  it('runs timers that a timer sets, when they fall within the advance', async () => {
    const clock = fakeClock(0);
    const times: number[] = [];
    const again = (): void => {
      times.push(clock.now());
      clock.setTimer(again, 10);
    };
    clock.setTimer(again, 10);
    await clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
  });

  it('lets promises settle between timers', async () => {
    const clock = fakeClock(0);
    const log: string[] = [];
    clock.setTimer(() => {
      void (async () => {
        for (let step = 0; step < 20; step += 1) await Promise.resolve();
        log.push('settled');
      })();
    }, 5);
    clock.setTimer(() => log.push('next timer'), 6);
    await clock.advance(10);
    expect(log).toEqual(['settled', 'next timer']);
  });

  it('does not run a timer that was taken back', async () => {
    const clock = fakeClock(0);
    let ran = false;
    clock.setTimer(() => (ran = true), 5).cancel();
    await clock.advance(10);
    expect(ran).toBe(false);
  });

  it('advances to the next timer, and says when there is none', async () => {
    const clock = fakeClock(0);
    const times: number[] = [];
    clock.setTimer(() => times.push(clock.now()), 40);
    clock.setTimer(() => times.push(clock.now()), 90);
    expect(await clock.advanceToNext()).toBe(true);
    expect([clock.now(), times]).toEqual([40, [40]]);
    expect(await clock.advanceToNext()).toBe(true);
    expect(await clock.advanceToNext()).toBe(false);
    expect([clock.now(), times]).toEqual([90, [40, 90]]);
  });

  it('runs what waits for the next turn before any timer, also without an advance', async () => {
    const clock = fakeClock(0);
    const log: string[] = [];
    clock.setTimer(() => log.push('timer'), 0);
    clock.nextTurn(() => {
      log.push('turn');
      clock.nextTurn(() => log.push('turn of the turn'));
    });
    await clock.settle();
    expect(log).toEqual(['turn', 'turn of the turn']);
    await clock.advance(0);
    expect(log).toEqual(['turn', 'turn of the turn', 'timer']);
  });
});
