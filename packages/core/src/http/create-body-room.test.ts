import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createBodyRoom } from './create-body-room.ts';

const mebibyte = 1_048_576;

function setUp(maximumBodyBytes = mebibyte) {
  const clock = createManualClock();
  const room = createBodyRoom({ clock, maximumBodyBytes });
  /** A body that is coming in, and why it was given up. */
  const begin = () => {
    const place = room.enter();
    const reasons: string[] = [];
    place.wait(({ code }) => reasons.push(code));
    return { place, reasons };
  };
  return { clock, room, begin };
}

const overloaded = expect.objectContaining({ code: 'overloaded', retryable: true, retryAfterMs: 1_000 });

describe('the room for bodies', () => {
  it('lets one body have its limit and no byte more', () => {
    const { place } = setUp(1_000).begin();
    place.take(600);
    place.take(400);
    expect(() => place.take(1)).toThrowError(expect.objectContaining({ code: 'body_too_large' }));
  });

  it('gives up the body that has been coming in longest where all of them are more than 64 MiB', () => {
    const { begin } = setUp();
    const bodies = Array.from({ length: 64 }, begin);
    for (const { place } of bodies) place.take(mebibyte);
    expect(bodies.flatMap(({ reasons }) => reasons)).toEqual([]);
    const next = begin();
    next.place.take(1);
    expect(bodies.map(({ reasons }) => reasons.length)).toEqual([1, ...Array.from({ length: 63 }, () => 0)]);
    expect([bodies[0]?.reasons, next.reasons]).toEqual([['overloaded'], []]);
  });

  it('gives up the one that wants more where all others are complete, and takes the next once one is answered', () => {
    const { room, begin } = setUp();
    const bodies = Array.from({ length: 64 }, begin);
    for (const { place } of bodies) {
      place.take(mebibyte);
      place.complete();
    }
    const late = begin();
    late.place.take(1);
    expect(late.reasons).toEqual(['overloaded']);
    expect(bodies.flatMap(({ reasons }) => reasons)).toEqual([]);
    expect(() => room.enter().take(1)).toThrowError(overloaded);
    bodies[7]?.place.leave();
    const next = begin();
    next.place.take(mebibyte);
    expect(next.reasons).toEqual([]);
  });

  it('counts what was given up or answered no longer, however often it is said', () => {
    const { clock, begin } = setUp();
    for (let round = 0; round < 10; round += 1) {
      const bodies = Array.from({ length: 64 }, begin);
      for (const { place } of bodies) place.take(mebibyte);
      clock.advance(10_000);
      expect(bodies.map(({ reasons }) => reasons)).toEqual(Array.from({ length: 64 }, () => ['body_invalid']));
      for (const { place } of bodies) {
        place.complete();
        place.leave();
        place.leave();
      }
    }
  });

  it('gives a body 10 seconds, and more only where it may be larger', () => {
    for (const [maximumBodyBytes, patienceMs] of [
      [1_000, 10_000],
      [mebibyte, 10_000],
      [3 * mebibyte, 30_000],
    ] as const) {
      const { clock, begin } = setUp(maximumBodyBytes);
      const { reasons } = begin();
      clock.advance(patienceMs - 1);
      expect(reasons).toEqual([]);
      clock.advance(1);
      expect(reasons).toEqual(['body_invalid']);
    }
  });

  it('waits for nothing once a body is complete', () => {
    const { clock, begin } = setUp();
    const { place, reasons } = begin();
    place.complete();
    expect(clock.pending).toBe(0);
    clock.advance(60_000);
    expect(reasons).toEqual([]);
  });

  it('has room for one body, however large it may be', () => {
    const { begin } = setUp(100 * mebibyte);
    const { place, reasons } = begin();
    place.take(100 * mebibyte);
    expect(reasons).toEqual([]);
  });
});
