import { describe, expect, it, vi } from 'vitest';
import { createRandomPool, type RandomBytes } from './random-bytes.ts';

describe('createRandomPool', () => {
  it('never gives a byte out twice and fetches in blocks', () => {
    let next = 0;
    const refill = vi.fn<RandomBytes>((size) => Uint8Array.from({ length: size }, () => next++ & 255));
    const random = createRandomPool(refill);
    const given = Array.from({ length: 300 }, (_, index) => random((index % 40) + 1));
    const blocks = refill.mock.results.flatMap(({ type, value }) => (type === 'return' && value instanceof Uint8Array ? [value] : []));
    for (const slice of given)
      for (const other of given) if (slice !== other && slice.buffer === other.buffer) expect(overlap(slice, other)).toBe(false);
    expect(blocks.every(({ byteLength }) => byteLength === 4_096)).toBe(true);
    expect(blocks.length).toBeLessThanOrEqual(2);
  });

  it('leaves what it has given out untouched when it fetches again', () => {
    const random = createRandomPool();
    const first = random(32);
    const copy = Uint8Array.from(first);
    for (let index = 0; index < 1_000; index += 1) random(32);
    expect(Uint8Array.from(first)).toEqual(copy);
  });

  it('gives the size that was asked for, beyond its block too', () => {
    const random = createRandomPool();
    for (const size of [1, 12, 32, 4_096, 4_097, 10_000]) expect(random(size)).toHaveLength(size);
  });
});

const overlap = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
