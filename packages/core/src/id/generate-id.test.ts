import { describe, expect, it } from 'vitest';
import { uuidGenerator } from './generate-id.ts';
import { isUuid } from './is-uuid.ts';

const zeros = (bytes: Uint8Array): Uint8Array => bytes.fill(0);

describe('an id', () => {
  it('is a uuid v7 of its millisecond', () => {
    const generate = uuidGenerator({ now: () => 0x0189_0a5d_ac96 }, zeros);
    expect(generate()).toBe('01890a5d-ac96-7000-8000-000000000000');
    expect(generate()).toBe('01890a5d-ac96-7001-8000-000000000000');
  });

  it('keeps the order in which it was made, also within a millisecond, over a full counter and when the clock goes back', () => {
    let now = 1_767_225_600_000;
    const generate = uuidGenerator({ now: () => now }, zeros);
    const ids = Array.from({ length: 20_000 }, (_, index) => {
      if (index === 10_000) now -= 3_600_000;
      if (index === 15_000) now += 7_200_000;
      return generate();
    });
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isUuid)).toBe(true);
  });

  it('is one also on a clock that counts fractions, and at the beginning of time', () => {
    expect(isUuid(uuidGenerator({ now: () => 1_767_225_600_000.625 }, zeros)())).toBe(true);
    expect(uuidGenerator({ now: () => 0 }, zeros)()).toMatch(/^00000000-0000-7/);
  });

  it('takes fresh randomness for each, drawn in pools', () => {
    let draws = 0;
    const generate = uuidGenerator({ now: () => 0 }, (bytes) => {
      draws += 1;
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 7 + draws) & 0xff;
      return bytes;
    });
    const tails = Array.from({ length: 2_000 }, () => generate().slice(19));
    expect(draws).toBe(4);
    expect(new Set(tails.slice(0, 256)).size).toBeGreaterThan(30);
    expect(tails.every((tail) => /^[89ab]/.test(tail))).toBe(true);
  });
});

describe('what is a uuid', () => {
  it.each(['01890a5d-ac96-774b-bcce-b302099a8057', '00000000-0000-0000-0000-000000000000'])('%s is', (text) => {
    expect(isUuid(text)).toBe(true);
  });

  it.each([
    '',
    'x',
    '01890A5D-AC96-774B-BCCE-B302099A8057',
    '01890a5d-ac96-774b-bcce-b302099a8057\n',
    '01890a5dac96774bbcceb302099a8057',
    null,
    undefined,
    7,
    {},
    ['01890a5d-ac96-774b-bcce-b302099a8057'],
  ])('%j is not', (value) => {
    expect(isUuid(value)).toBe(false);
  });
});
