import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { frameWrappedKey, readWrappedKey } from './wrapped-key-frame.ts';

describe('the stored form of a wrapped data key', () => {
  it('is read as it was written', () => {
    for (const kekId of ['k1', 'arn:aws:kms:eu-west-1:1:key/2', 'k'.repeat(255)]) {
      const wrapped = randomBytes(100);
      const read = readWrappedKey(frameWrappedKey({ kekId, wrapped }));
      expect([read.kekId, Buffer.from(read.wrapped)]).toEqual([kekId, wrapped]);
    }
  });

  it.each(['', 'AA==', 'AQ==', 'AgJrMQ==', 'AQA=', 'AQVrMQ==', 'AQIgIA==', 'not base64 at all'])('is refused as %j', (stored) => {
    expect(() => readWrappedKey(stored)).toThrow(expect.objectContaining({ code: 'vault_sealed' }));
  });

  it('does not take a key id from a provider that it could not read back', () => {
    for (const kekId of ['', 'a b', 'k'.repeat(256)]) {
      expect(() => frameWrappedKey({ kekId, wrapped: new Uint8Array(1) })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }
  });
});
