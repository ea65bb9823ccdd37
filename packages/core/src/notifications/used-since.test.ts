import { expect, it } from 'vitest';
import { usedSince } from './used-since.ts';

const room = { count: 3, windowMs: 60_000 };
const now = 10_000_000;

it('is what lies within the window, also by a clock that is a little ahead', () => {
  expect(usedSince({ used: [now - 60_000, now - 59_999, now, now + 1_000] }, room, now)).toEqual([now - 59_999, now, now + 1_000]);
  expect(usedSince({ used: [now - 4, now - 3, now - 2, now - 1] }, room, now)).toEqual([now - 3, now - 2, now - 1]);
});

it('does not believe a time of a clock that was wrong, which would keep alerts back for as long', () => {
  expect(usedSince({ used: [now + 3_600_000, now + 3_600_001, now + 3_600_002] }, room, now)).toEqual([]);
});

it.each([undefined, null, 'x', [], {}, { used: 'x' }, { used: ['x', null, {}] }])('is nothing in %j', (value) => {
  expect(usedSince(value, room, now)).toEqual([]);
});
