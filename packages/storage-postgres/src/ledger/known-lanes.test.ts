import { describe, expect, it } from 'vitest';
import { createKnownLanes, type LaneHead } from './known-lanes.ts';

const head = (number: number, due = 10_000): LaneHead => ({ workClass: 'live', tenant: 'acme', lane: `connection:${number}`, due });
const look = { whole: true, now: 10_000, took: 1 };

describe('what a process knows of the lanes', () => {
  it('begins where something was found first, less a quarter of a second, and never ahead of the time', () => {
    const known = createKnownLanes();
    known.learn({ ...look, heads: [head(1, 9_000), head(2, 60_000)] });
    expect(known.all().map(({ floor }) => floor)).toEqual([8_750, 9_750]);
    known.learn({ ...look, whole: false, now: 11_000, heads: [head(1, 10_500)] });
    expect(known.all().map(({ lane, floor }) => [lane, floor])).toEqual([
      ['connection:2', 9_750],
      ['connection:1', 10_250],
    ]);
  });

  it('forgets those of a thousand in which nothing was found for the longest time', () => {
    const known = createKnownLanes();
    known.learn({ ...look, heads: Array.from({ length: 1_000 }, (_, number) => head(number)) });
    known.learn({ ...look, heads: [head(0), head(5_000)] });
    const lanes = known.all().map(({ lane }) => lane);
    expect(lanes).toHaveLength(1_000);
    expect(lanes).toEqual(expect.arrayContaining(['connection:0', 'connection:5000']));
    expect(lanes).not.toContain('connection:1');
  });

  it('asks for a look everywhere at first, and from the starts after two seconds or twenty times as long as the last one took', () => {
    const known = createKnownLanes();
    expect(known.reach).toBe('everywhere');
    const reachAt = (now: number, took: number): string => {
      known.learn({ whole: true, now: 0, took, heads: [head(1)] });
      known.learn({ whole: false, now, took: 1, heads: [] });
      return known.reach;
    };
    expect([reachAt(1_999, 1), reachAt(2_000, 1)]).toEqual(['known', 'known from the start']);
    expect([reachAt(9_999, 500), reachAt(10_000, 500)]).toEqual(['known', 'known from the start']);
  });

  it('asks for a look everywhere while no lane is known', () => {
    const known = createKnownLanes();
    known.learn({ ...look, heads: [] });
    expect(known.reach).toBe('everywhere');
  });
});
