import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSaltSource } from './salt-source.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('createSaltSource', () => {
  it('gives distinct salts though the generator repeats itself', () => {
    const next = createSaltSource({ random: (size) => new Uint8Array(size).fill(7), now: () => 1_767_225_600_000 });
    const salts = new Set(Array.from({ length: 20_000 }, () => hex(next())));
    expect(salts.size).toBe(20_000);
  });

  it('gives distinct salts to two machines started from one snapshot at different times', () => {
    const at = (time: number) => createSaltSource({ random: (size) => new Uint8Array(size).fill(7), now: () => time });
    expect(hex(at(1_767_225_600_000)())).not.toBe(hex(at(1_767_225_600_001)()));
    expect(hex(at(1_767_225_600_000)())).not.toBe(hex(at(1_767_225_600_000 + 2 ** 32)()));
  });

  it('keeps every bit of the generator in play', () => {
    const salts = Array.from({ length: 200 }, createSaltSource({ random: randomBytes, now: () => 1_767_225_600_000 }));
    for (let bit = 0; bit < 256; bit += 1) {
      const ones = salts.filter((salt) => ((salt[bit >> 3] ?? 0) >> (bit & 7)) & 1).length;
      expect(ones > 40 && ones < 160).toBe(true);
    }
  });

  it('hands out bytes of its own, not those of the generator', () => {
    const bytes = new Uint8Array(32).fill(7);
    const salt = createSaltSource({ random: () => bytes, now: () => 0 })();
    salt.fill(0);
    expect(bytes).toEqual(new Uint8Array(32).fill(7));
  });
});
