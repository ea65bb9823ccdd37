/**
 * The limit of `vault-seal` and `vault-open`: AES-256-GCM of node:crypto and nothing else.
 *
 * What it does: one key, prepared as a `KeyObject`; for each sealing a random IV of 12 bytes, associated data of the length that the vault binds, the IV,
 * the ciphertext and a tag of 16 bytes in one buffer; opening verifies the tag before it answers.
 * What it leaves out: a data key of the tenant and a key of the value, commitment, salt, key ids and versions in the envelope, the place that is
 * bound written out anew in each call, and the promise that both calls of the vault answer with.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { VaultContestant } from '../../src/vault/vault-contestant.ts';

const algorithm = 'aes-256-gcm';
const ivSize = 12;
const tagSize = 16;

/** Sealing and opening by hand. `associatedData`: bytes that are bound. */
export function rawGcm(associatedData: Uint8Array): VaultContestant {
  const key = createSecretKey(randomBytes(32));
  return {
    seal(plaintext) {
      const iv = randomBytes(ivSize);
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagSize });
      cipher.setAAD(associatedData);
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return Buffer.concat([iv, ciphertext, cipher.getAuthTag()]);
    },
    open(sealed) {
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivSize), { authTagLength: tagSize });
      decipher.setAAD(associatedData);
      decipher.setAuthTag(sealed.subarray(-tagSize));
      const plaintext = decipher.update(sealed.subarray(ivSize, -tagSize));
      decipher.final();
      return plaintext;
    },
  };
}
