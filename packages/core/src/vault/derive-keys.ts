import { createSecretKey, type KeyObject } from 'node:crypto';
import { createHmacSha256 } from './hmac-sha-256.ts';
import { saltSize } from './salt-source.ts';

/** The two outputs for one envelope. */
export interface DerivedKeys {
  /** AES-256 key, used for this one envelope. */
  readonly encryption: KeyObject;
  /** 32 bytes that only the right input key and salt give: compared before anything is decrypted. */
  readonly commitment: Uint8Array;
}

/** Derives the keys of one envelope from a 32-byte input key and its 32-byte salt. */
export type KeyDerivation = (inputKey: Uint8Array, salt: Uint8Array) => DerivedKeys;

/** The `info` of HKDF for the two outputs. */
export interface DerivationLabels {
  readonly encryption: Uint8Array;
  readonly commitment: Uint8Array;
}

const keySize = 32;

/** HKDF-SHA-256 (RFC 5869) for two outputs of 32 bytes from one extraction; the tests hold it against `hkdfSync`. */
export function createKeyDerivation(labels: DerivationLabels): KeyDerivation {
  // The first and only block of the expansion ends with the counter 1.
  const encryptionInfo = Buffer.concat([labels.encryption, Uint8Array.of(1)]);
  const commitmentInfo = Buffer.concat([labels.commitment, Uint8Array.of(1)]);
  const hmac = createHmacSha256(Math.max(keySize, encryptionInfo.byteLength, commitmentInfo.byteLength));
  return (inputKey, salt) => {
    if (inputKey.byteLength !== keySize || salt.byteLength !== saltSize) throw new TypeError('Keys and salts have 32 bytes.');
    const extracted = hmac(salt, inputKey);
    const encryption = hmac(extracted, encryptionInfo);
    const derived = { encryption: createSecretKey(encryption), commitment: hmac.published(extracted, commitmentInfo) };
    // Best effort: what the engine has copied elsewhere cannot be reached.
    extracted.fill(0);
    encryption.fill(0);
    hmac.wipe();
    return derived;
  };
}
