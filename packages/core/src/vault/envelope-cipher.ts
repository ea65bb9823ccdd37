import { timingSafeEqual } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { ivSize, openGcm, sealGcm } from './aes-gcm.ts';
import { encodeAssociatedData } from './associated-data.ts';
import { createKeyDerivation, type KeyDerivation } from './derive-keys.ts';
import { decodeEnvelope, type Envelope, type EnvelopeMagic, encodeEnvelope, suite } from './envelope.ts';
import type { RandomBytes } from './random-bytes.ts';
import { createSaltSource } from './salt-source.ts';

/** What is sealed, and under which key. */
export interface SealInput {
  /** 32 bytes. */
  readonly inputKey: Uint8Array;
  readonly kekId: string;
  readonly dekId: string;
  readonly dekVersion: number;
  /** Names the place; bound to the envelope together with suite and key ids. */
  readonly context: readonly (string | number)[];
  readonly plaintext: Uint8Array | string;
}

/** What is opened, and with which key. `context` is what the caller asks for, never what the envelope says. */
export interface OpenInput {
  /** 32 bytes. */
  readonly inputKey: Uint8Array;
  readonly context: readonly (string | number)[];
  readonly envelope: Envelope;
}

/** Seals and opens envelopes of one kind. */
export interface EnvelopeCipher {
  seal(input: SealInput): Uint8Array;
  /** Throws `vault_sealed`. */
  read(bytes: Uint8Array): Envelope;
  /** Throws `vault_sealed`. No byte of the plaintext leaves before all of it is verified. */
  open(input: OpenInput): Buffer;
}

/** What {@link createEnvelopeCipher} is given. */
export interface EnvelopeCipherOptions {
  readonly magic: EnvelopeMagic;
  /** Path of the HKDF labels; `enc` and `commit` with the suite follow it. Kinds never share one. */
  readonly label: string;
  readonly random: RandomBytes;
  /** Milliseconds since 1970, mixed into salts. */
  readonly now: () => number;
}

/** Each envelope has its own key, from a fresh salt, and commits to it; AES-256-GCM with a 12-byte IV and a 16-byte tag does the rest. */
export function createEnvelopeCipher({ magic, label, random, now }: EnvelopeCipherOptions): EnvelopeCipher {
  const suiteBytes = Uint8Array.of(suite >> 8, suite & 255);
  const info = (output: string): Buffer => Buffer.concat([Buffer.from(`${label}/${output}`), suiteBytes]);
  const derive: KeyDerivation = createKeyDerivation({ encryption: info('enc'), commitment: info('commit') });
  const nextSalt = createSaltSource({ random, now });
  return {
    seal({ inputKey, kekId, dekId, dekVersion, context, plaintext }) {
      const associatedData = encodeAssociatedData([suite, ...context, dekId, dekVersion, kekId]);
      const salt = nextSalt();
      const iv = random(ivSize);
      const { encryption, commitment } = derive(inputKey, salt);
      const { ciphertext, tag } = sealGcm({ key: encryption, iv, associatedData }, plaintext);
      return encodeEnvelope(magic, { kekId, dekId, dekVersion, salt, iv, commitment, ciphertext, tag });
    },
    read: (bytes) => decodeEnvelope(magic, bytes),
    open({ inputKey, context, envelope }) {
      const associatedData = encodeAssociatedData([suite, ...context, envelope.dekId, envelope.dekVersion, envelope.kekId]);
      const { encryption, commitment } = derive(inputKey, envelope.salt);
      if (!timingSafeEqual(commitment, envelope.commitment)) throw doesNotOpen();
      const plaintext = openGcm({ key: encryption, iv: envelope.iv, associatedData }, envelope);
      if (plaintext === undefined) throw doesNotOpen();
      return plaintext;
    },
  };
}

// One message for every cause: which check failed would help only whoever tries values out.
function doesNotOpen(): PatchbayError {
  return new PatchbayError({
    code: 'vault_sealed',
    message:
      'The sealed value does not open here: it was changed, moved from its place or sealed under another key. Store the secret again.',
    details: { reason: 'refused' },
  });
}
