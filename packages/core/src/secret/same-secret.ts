import { createHash, timingSafeEqual } from 'node:crypto';

/** True for equal secrets, as bytes or as UTF-8 text. Digests are compared, which have one length whatever the secrets' is, in a time that tells nothing. */
export function sameSecret(left: string | Uint8Array, right: string | Uint8Array): boolean {
  return timingSafeEqual(digestOf(left), digestOf(right));
}

const digestOf = (secret: string | Uint8Array): Buffer => createHash('sha256').update(secret).digest();
