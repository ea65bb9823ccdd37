import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createLanePlaces } from './lane-places.ts';

const laneOf = (name: string) => ({ tenant: name, lane: `connection:${name}` });

function setUp() {
  const clock = createManualClock();
  const places = createLanePlaces(clock, 32);
  const fill = (name: string, most = 100): (() => void)[] => {
    const begun: (() => void)[] = [];
    for (let turn = 0; turn < most; turn += 1) {
      const leave = places.enter(laneOf(name));
      if (leave === null) break;
      begun.push(leave);
    }
    return begun;
  };
  return { clock, places, fill };
}

describe('the lanes of a worker', () => {
  it('may have everything while their calls come back quickly', () => {
    const { clock, places, fill } = setUp();
    expect(fill('acme')).toHaveLength(24);
    expect(places.full()).toEqual([laneOf('acme')]);
    const [first] = fill('globex', 1);
    const begun = fill('quick', 1);
    for (const leave of begun) leave();
    expect(fill('quick', 7)).toHaveLength(7);
    first?.();
    clock.advance(1_000);
    expect(fill('quick', 1)).toHaveLength(0);
  });

  it('leave others their places once they hang', () => {
    const { clock, places, fill } = setUp();
    for (const name of ['a', 'b', 'c']) fill(name, 1);
    clock.advance(1_000);
    // Beside the one that each has already; 31 in all.
    expect(['a', 'b', 'c'].map((name) => fill(name).length)).toEqual([21, 5, 2]);
    expect(places.full()).toEqual([laneOf('a'), laneOf('b'), laneOf('c')]);
  });

  it('may have more when what hung has ended, and each end counts once', () => {
    const { clock, places, fill } = setUp();
    const begun = fill('acme', 32);
    clock.advance(1_000);
    expect(places.enter(laneOf('acme'))).toBeNull();
    for (const leave of begun) {
      leave();
      leave();
    }
    expect(places.full()).toEqual([]);
    expect(fill('acme', 32)).toHaveLength(32);
  });
});
