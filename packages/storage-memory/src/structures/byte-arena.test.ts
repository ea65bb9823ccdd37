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

  it('uses a block again when all that was in it has been taken back, and no earlier', () => {
    const arena = createByteArena();
    const blockful = (value: number) => Array.from({ length: 8 }, () => arena.keep(filled(8_192, value)));
    const [first, second] = [blockful(1), blockful(2)];
    for (const kept of first.slice(1)) arena.release(kept);
    const third = blockful(3);
    expect(new Set([first, second, third].map(([kept]) => kept?.buffer)).size).toBe(3);
    expect(first[0]?.every((byte) => byte === 1)).toBe(true);
    for (const kept of [...first.slice(0, 1), ...second]) arena.release(kept);
    const again = [blockful(4), blockful(5)];
    expect(new Set(again.map(([kept]) => kept?.buffer))).toEqual(new Set([first[0]?.buffer, second[0]?.buffer]));
    expect(third.every((kept) => kept.every((byte) => byte === 3))).toBe(true);
  });

  it('starts a block anew that is emptied while it is being filled', () => {
    const arena = createByteArena();
    const buffers = Array.from({ length: 20 }, (_, index) => {
      const kept = arena.keep(filled(10_000, index));
      arena.release(kept);
      return kept.buffer;
    });
    expect(new Set(buffers).size).toBe(1);
  });

  it('does not see what happens to the bytes that it was given', () => {
    const arena = createByteArena();
    const given = [filled(10, 1), filled(20_000, 1)];
    const kept = given.map((bytes) => arena.keep(bytes));
    for (const bytes of given) bytes.fill(9);
    expect(kept.map((bytes) => bytes[0])).toEqual([1, 1]);
  });
});
