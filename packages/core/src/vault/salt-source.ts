import type { RandomBytes } from './random-bytes.ts';

/** Answers a fresh 32-byte salt, the caller's own to keep. */
export type SaltSource = () => Uint8Array;

/** Length of a salt, in bytes. */
export const saltSize = 32;

/**
 * Random salts with the time and a counter mixed in by XOR. A good generator's salts stay uniform; one that repeats itself (a stuck
 * source, a virtual machine started twice from one snapshot) still gives distinct salts, so distinct record keys.
 */
export function createSaltSource({ random, now }: { random: RandomBytes; now: () => number }): SaltSource {
  let count = 0;
  return () => {
    const salt = new Uint8Array(random(saltSize));
    count += 1;
    const view = new DataView(salt.buffer);
    const time = now();
    view.setUint32(16, view.getUint32(16) ^ Math.floor(time / 0x1_0000_0000));
    view.setUint32(20, view.getUint32(20) ^ time);
    view.setUint32(24, view.getUint32(24) ^ Math.floor(count / 0x1_0000_0000));
    view.setUint32(28, view.getUint32(28) ^ count);
    return salt;
  };
}
