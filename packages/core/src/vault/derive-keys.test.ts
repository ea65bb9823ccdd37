import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyDerivation } from './derive-keys.ts';

const labels = { encryption: Buffer.from('patchbay/v1/enc\u0000\u0001'), commitment: Buffer.from('patchbay/v1/commit\u0000\u0001') };
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const counting = (from: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => from + index);

describe('createKeyDerivation', () => {
  it("equals Node's HKDF for every key, salt and label", () => {
    fc.assert(
      fc.property(
        key,
        key,
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 80 }),
        (inputKey, salt, encryptionLabel, commitmentLabel) => {
          const derive = createKeyDerivation({ encryption: encryptionLabel, commitment: commitmentLabel });
          for (let round = 0; round < 2; round += 1) {
            const { encryption, commitment } = derive(inputKey, salt);
            expect(encryption.export()).toEqual(Buffer.from(hkdfSync('sha256', inputKey, salt, encryptionLabel, 32)));
            expect(commitment).toEqual(Buffer.from(hkdfSync('sha256', inputKey, salt, commitmentLabel, 32)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives a known answer, computed with another implementation', () => {
    const { encryption, commitment } = createKeyDerivation(labels)(counting(0), counting(32));
    expect(encryption.export().toString('hex')).toBe('7b23d848c876a08a7ce430f4b2f2245e45116bddaca87e107f44d9bd50e17bd6');
    expect(Buffer.from(commitment).toString('hex')).toBe('8cd9065f0c1c839ae1b3d1e751d6facf6864ca06f32eb57986a686e739da1181');
  });

  it('does not change its inputs and gives results of their own', () => {
    const derive = createKeyDerivation(labels);
    const [inputKey, salt] = [counting(0), counting(32)];
    const first = derive(inputKey, salt);
    const commitment = Uint8Array.from(first.commitment);
    derive(counting(64), counting(96));
    expect([inputKey, salt, Uint8Array.from(first.commitment)]).toEqual([counting(0), counting(32), commitment]);
  });

  it.each([0, 31, 33, 64])('refuses keys and salts of %i bytes', (size) => {
    const derive = createKeyDerivation(labels);
    expect(() => derive(new Uint8Array(size), counting(0))).toThrow(TypeError);
    expect(() => derive(counting(0), new Uint8Array(size))).toThrow(TypeError);
  });
});
