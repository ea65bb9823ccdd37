import type { Clock } from '../clock/clock.ts';

/** Makes a new id. */
export type GenerateId = () => string;

/** Fills the given bytes with randomness and returns them. */
export type FillRandom = (bytes: Uint8Array) => Uint8Array;

const poolSize = 4096;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Makes uuid v7 (RFC 9562, section 5.7): 48 bits of milliseconds, a 12-bit counter that keeps ids of one process in order
 * within a millisecond, 62 random bits. Randomness is drawn in pools because one draw per id costs more than the id.
 */
export function uuidGenerator(clock: Pick<Clock, 'now'>, fillRandom: FillRandom): GenerateId {
  const pool = new Uint8Array(poolSize);
  let used = poolSize;
  let last = 0;
  let counter = 0;
  return () => {
    // A clock may count fractions of a millisecond; an id cannot.
    const now = Math.floor(clock.now());
    if (now > last) {
      last = now;
      counter = 0;
    } else if (++counter > 0xfff) {
      last += 1;
      counter = 0;
    }
    if (used + 8 > poolSize) {
      fillRandom(pool);
      used = 0;
    }
    const text = last.toString(16).padStart(12, '0');
    const byte = (): string => hex[pool[used++] ?? 0] ?? '00';
    const variant = hex[((pool[used++] ?? 0) & 0x3f) | 0x80];
    return `${text.slice(0, 8)}-${text.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${byte()}-${byte()}${byte()}${byte()}${byte()}${byte()}${byte()}`;
  };
}
