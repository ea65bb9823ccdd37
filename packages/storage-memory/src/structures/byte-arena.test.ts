import { describe, expect, it } from 'vitest';
import { createByteArena } from './byte-arena.ts';

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

describe('byte arena', () => {
  it('keeps each payload as it was, small and large, across blocks', () => {
    const arena = createByteArena();
    const lengths = Array.from({ length: 300 }, (_, index) => (index * 997) % 40_000);
    const kept = lengths.map((length, index) => arena.keep(filled(length, index % 256)));
    for (const [index, length] of lengths.entries()) expect(Buffer.from(kept[index] ?? []).equals(filled(length, index % 256))).toBe(true);
  });

  it('does not see what happens to the bytes that it was given', () => {
    const arena = createByteArena();
    const given = [filled(10, 1), filled(20_000, 1)];
    const kept = given.map((bytes) => arena.keep(bytes));
    for (const bytes of given) bytes.fill(9);
    expect(kept.map((bytes) => bytes[0])).toEqual([1, 1]);
  });
});
