import { describe, expect, it } from 'vitest';
import { uuidGenerator } from './generate-id.ts';
import { firstIdAt, idAt, timeOfId } from './id-time.ts';
import { isUuid } from './is-uuid.ts';

const time = 1_790_000_000_123;
const idOf = (at: number) => uuidGenerator({ now: () => at }, (bytes) => bytes.fill(255))();

describe('the time of an id', () => {
  it('is that of its making', () => {
    expect(timeOfId(idOf(time))).toBe(time);
  });

  it('bounds the ids of a window', () => {
    const first = firstIdAt(time);
    expect(isUuid(first)).toBe(true);
    expect(idOf(time - 1) < first && first <= idOf(time)).toBe(true);
    expect([timeOfId(firstIdAt(-5)), timeOfId(firstIdAt(2 ** 60))]).toEqual([0, 2 ** 48 - 1]);
  });

  it('can be another, and the rest stays', () => {
    const id = idOf(time);
    const moved = idAt(time + 60_000.5, id);
    expect([timeOfId(moved), moved.slice(14), isUuid(moved)]).toEqual([time + 60_000, id.slice(14), true]);
  });
});
