import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/** Lengths in bytes; nothing else is accepted. */
export const ivSize = 12;
export const tagSize = 16;

const algorithm = 'aes-256-gcm';

/** What both directions take. */
export interface GcmInput {
  /** 32 bytes, as a secret key. */
  readonly key: KeyObject;
  /** 12 bytes, never twice under one key. */
  readonly iv: Uint8Array;
  readonly associatedData: Uint8Array;
}

/** AES-256-GCM with a 12-byte IV and a 16-byte tag. */
export function sealGcm({ key, iv, associatedData }: GcmInput, plaintext: Uint8Array | string): { ciphertext: Buffer; tag: Buffer } {
  if (iv.byteLength !== ivSize) throw wrongSize();
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagSize });
  cipher.setAAD(associatedData);
  const ciphertext = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  // GCM holds nothing back: final() makes the tag and gives no bytes.
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** The plaintext; undefined where anything of it was changed. No byte of it is given out before all of it is verified. */
export function openGcm({ key, iv, associatedData }: GcmInput, sealed: { ciphertext: Uint8Array; tag: Uint8Array }): Buffer | undefined {
  if (iv.byteLength !== ivSize || sealed.tag.byteLength !== tagSize) throw wrongSize();
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagSize });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.tag);
  const plaintext = decipher.update(sealed.ciphertext);
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}

const wrongSize = (): TypeError => new TypeError(`An IV has ${ivSize} bytes and a tag ${tagSize}.`);
