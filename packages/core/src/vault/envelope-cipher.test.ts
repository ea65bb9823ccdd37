import { createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { twoKeyCiphertext } from './__fixtures__/two-key-ciphertext.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { createEnvelopeCipher } from './envelope-cipher.ts';

const magic = 'PBV\u0001';
const label = 'patchbay/v1';
const cipher = createEnvelopeCipher({ magic, label, random: randomBytes, now: () => 1_767_225_600_000 });
const context = ['acme', 'connection', 'c-1', 'credential', 'outgoing-request', 3];
const sealed = (inputKey: Uint8Array, plaintext: Uint8Array | string = 'hunter2') =>
  cipher.seal({ inputKey, kekId: 'k1', dekId: 'd1', dekVersion: 2, context, plaintext });
const refused = expect.objectContaining({ code: 'vault_sealed', details: { reason: 'refused' } });
const derived = (inputKey: Uint8Array, salt: Uint8Array, output: string): Buffer =>
  Buffer.from(hkdfSync('sha256', inputKey, salt, `${label}/${output}\u0000\u0001`, 32));

describe('an envelope cipher', () => {
  it('opens what it sealed, bytes and text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 300 }), (inputKey, plaintext) => {
        const envelope = cipher.read(sealed(inputKey, plaintext));
        expect(Uint8Array.from(cipher.open({ inputKey, context, envelope }))).toEqual(plaintext);
      }),
    );
    const inputKey = randomBytes(32);
    expect(String(cipher.open({ inputKey, context, envelope: cipher.read(sealed(inputKey, 'pässwörd')) }))).toBe('pässwörd');
  });

  it('writes what another implementation of the format opens', () => {
    const inputKey = randomBytes(32);
    const { salt, iv, commitment, ciphertext, tag } = decodeEnvelope(magic, sealed(inputKey, 'hunter2'));
    const decipher = createDecipheriv('aes-256-gcm', derived(inputKey, salt, 'enc'), iv, { authTagLength: 16 });
    decipher.setAAD(Buffer.from('1:1,4:acme,10:connection,3:c-1,10:credential,16:outgoing-request,1:3,2:d1,1:2,2:k1,'));
    decipher.setAuthTag(tag);
    expect(decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8')).toBe('hunter2');
    expect(Buffer.from(commitment)).toEqual(derived(inputKey, salt, 'commit'));
  });

  it('gives each envelope a key of its own though the IV never changes', () => {
    const stuck = createEnvelopeCipher({ magic, label, random: (size) => new Uint8Array(size), now: () => 0 });
    const inputKey = randomBytes(32);
    const seal = () => stuck.seal({ inputKey, kekId: 'k1', dekId: 'd1', dekVersion: 2, context, plaintext: 'the same' });
    const envelopes = Array.from({ length: 5_000 }, () => decodeEnvelope(magic, seal()));
    expect(new Set(envelopes.map(({ iv }) => String(iv))).size).toBe(1);
    for (const part of ['salt', 'commitment', 'ciphertext'] as const) {
      expect(new Set(envelopes.map((envelope) => Buffer.from(envelope[part]).toString('hex'))).size).toBe(5_000);
    }
  });

  it('refuses a ciphertext that AES-GCM accepts under two keys, by its commitment', () => {
    const [salt, iv] = [randomBytes(32), randomBytes(12)];
    const associatedData = Buffer.from('1:1,4:acme,10:connection,3:c-1,10:credential,16:outgoing-request,1:3,2:d1,1:2,2:k1,');
    const inputKeys = [randomBytes(32), randomBytes(32)] as const;
    const side = (inputKey: Uint8Array) => ({ key: createSecretKey(derived(inputKey, salt, 'enc')), associatedData });
    const forged = twoKeyCiphertext(side(inputKeys[0]), side(inputKeys[1]), iv);
    for (const inputKey of inputKeys) expect(() => openPlainly(side(inputKey).key, { iv, associatedData, ...forged })).not.toThrow();

    for (const [own, other] of [inputKeys, [inputKeys[1], inputKeys[0]]] as const) {
      const envelope = decodeEnvelope(
        magic,
        encodeEnvelope(magic, { kekId: 'k1', dekId: 'd1', dekVersion: 2, salt, iv, commitment: derived(own, salt, 'commit'), ...forged }),
      );
      expect(cipher.open({ inputKey: own, context, envelope })).toHaveLength(32);
      expect(() => cipher.open({ inputKey: other, context, envelope })).toThrow(refused);
    }
  });

  it('refuses a wrong key, a wrong commitment and every change of the context', () => {
    const inputKey = randomBytes(32);
    const envelope = cipher.read(sealed(inputKey));
    expect(() => cipher.open({ inputKey: randomBytes(32), context, envelope })).toThrow(refused);
    expect(() => cipher.open({ inputKey, context, envelope: { ...envelope, commitment: new Uint8Array(32) } })).toThrow(refused);
    for (const change of [{ kekId: 'k2' }, { dekId: 'd2' }, { dekVersion: 3 }]) {
      expect(() => cipher.open({ inputKey, context, envelope: { ...envelope, ...change } })).toThrow(refused);
    }
    for (const index of context.keys()) {
      expect(() => cipher.open({ inputKey, context: context.with(index, 'other'), envelope })).toThrow(refused);
    }
    expect(() => cipher.open({ inputKey, context: context.toReversed(), envelope })).toThrow(refused);
  });

  it('does not open what a cipher of another kind sealed under the same key', () => {
    const inputKey = randomBytes(32);
    const other = createEnvelopeCipher({ magic, label: 'patchbay/v1/kek', random: randomBytes, now: () => 0 });
    expect(() => other.open({ inputKey, context, envelope: other.read(sealed(inputKey)) })).toThrow(refused);
  });

  it('tells the same for every cause and holds no plaintext', () => {
    const inputKey = randomBytes(32);
    const envelope = cipher.read(sealed(inputKey));
    const messages = [
      { ...envelope, commitment: new Uint8Array(32) },
      { ...envelope, tag: new Uint8Array(16) },
      { ...envelope, salt: new Uint8Array(32) },
    ].map((changed) => {
      try {
        return cipher.open({ inputKey, context, envelope: changed }).toString();
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).not.toContain('hunter2');
  });
});

interface PlainInput {
  readonly iv: Uint8Array;
  readonly associatedData: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** AES-256-GCM alone, as a vault without commitment would use it. */
function openPlainly(key: KeyObject, { iv, associatedData, ciphertext, tag }: PlainInput): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}
