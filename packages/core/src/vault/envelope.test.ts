import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, type Envelope, encodeEnvelope, isKeyId } from './envelope.ts';

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const keyId = fc.string({
  minLength: 1,
  maxLength: 255,
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const anyEnvelope: fc.Arbitrary<Envelope> = fc.record({
  kekId: keyId,
  dekId: keyId,
  dekVersion: fc.nat({ max: 0xffff_ffff }),
  salt: bytes(32),
  iv: bytes(12),
  commitment: bytes(32),
  ciphertext: fc.uint8Array({ maxLength: 300 }),
  tag: bytes(16),
});

const plain = (envelope: Envelope): Envelope => ({
  ...envelope,
  salt: Uint8Array.from(envelope.salt),
  iv: Uint8Array.from(envelope.iv),
  commitment: Uint8Array.from(envelope.commitment),
  ciphertext: Uint8Array.from(envelope.ciphertext),
  tag: Uint8Array.from(envelope.tag),
});

const sample: Envelope = {
  kekId: 'k1',
  dekId: 'd',
  dekVersion: 7,
  salt: new Uint8Array(32).fill(1),
  iv: new Uint8Array(12).fill(2),
  commitment: new Uint8Array(32).fill(3),
  ciphertext: new Uint8Array(5).fill(4),
  tag: new Uint8Array(16).fill(5),
};
const written = encodeEnvelope('PBV\u0001', sample);
const refused = expect.objectContaining({ code: 'vault_sealed', details: { reason: 'malformed' } });

describe('an envelope', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyEnvelope, (envelope) => {
        expect(plain(decodeEnvelope('PBV\u0001', encodeEnvelope('PBV\u0001', envelope)))).toEqual(envelope);
      }),
    );
  });

  it('has the layout that is written down', () => {
    const repeated = (byte: string, times: number): string => byte.repeat(times);
    expect(Buffer.from(written).toString('hex')).toBe(
      [
        '50425601',
        '0001',
        '026b31',
        '0164',
        '00000007',
        `20${repeated('01', 32)}`,
        `0c${repeated('02', 12)}`,
        `20${repeated('03', 32)}`,
      ].join('') + ['00000005', repeated('04', 5), `10${repeated('05', 16)}`].join(''),
    );
  });

  it('is read from the middle of a larger buffer', () => {
    const larger = new Uint8Array(written.byteLength + 20);
    larger.set(written, 10);
    expect(plain(decodeEnvelope('PBV\u0001', larger.subarray(10, 10 + written.byteLength)))).toEqual(sample);
  });

  it('is refused when it is cut at any byte or goes on', () => {
    for (let size = 0; size < written.byteLength; size += 1)
      expect(() => decodeEnvelope('PBV\u0001', written.subarray(0, size))).toThrow(refused);
    expect(() => decodeEnvelope('PBV\u0001', Buffer.concat([written, Uint8Array.of(0)]))).toThrow(refused);
  });

  it.each([
    ['another kind', 0, 'PBK\u0001'],
    ['another version', 3, '\u0002'],
    ['another suite', 5, '\u0002'],
    ['a control character in a key id', 7, '\u0000'],
    ['an empty key id', 6, '\u0000'],
    ['a short salt', 15, '\u001f'],
    ['a long IV', 48, '\u0010'],
  ])('is refused for %s', (_name, at, change) => {
    const changed = Buffer.from(written);
    changed.write(change, at, 'latin1');
    expect(() => decodeEnvelope('PBV\u0001', changed)).toThrow(refused);
  });

  it('never yields anything but an envelope or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const input of [noise, Buffer.concat([written.subarray(0, 20), noise])]) {
          expect(() => decodeEnvelope('PBV\u0001', input)).toThrow(refused);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('isKeyId', () => {
  it('takes printable ASCII of 1 to 255 characters', () => {
    for (const id of ['k', 'arn:aws:kms:eu-west-1:1:key/2', '~'.repeat(255)]) expect(isKeyId(id)).toBe(true);
    for (const id of ['', ' ', 'a b', 'k\n', 'ü', 'k'.repeat(256)]) expect(isKeyId(id)).toBe(false);
  });
});
