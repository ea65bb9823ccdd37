import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { HmacScheme } from '../../../connector/signature/signed-content.ts';
import { digestOfText } from './digest-of-text.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { headerOf, type RequestHead } from './signed-request.ts';

/** Bytes of a digest. */
export const hashBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** True for a scheme that signs the body alone, with one signature in its header: GitHub's and most others'. */
export function signsBodyAlone({ field, signs, time }: HmacScheme): boolean {
  return field === undefined && time === undefined && signs.length === 1 && signs[0] === 'body';
}

/** The signature of such a scheme. It has a way of its own because what is general costs as much as a fifth of an HMAC over 1 KB. */
export function presentBodyHmac({ encoding, hash, header, prefix }: HmacScheme, head: RequestHead): PresentedSignature | undefined {
  const value = headerOf(head, header);
  if (value === undefined || !value.startsWith(prefix)) return undefined;
  const signature = digestOfText(value.slice(prefix.length), encoding, hashBytes[hash]);
  return signature && { madeBy: 'secret', isBy: (body, keys) => isMadeByOne(keys, hash, body, signature) };
}

function isMadeByOne(keys: readonly KeyObject[], hash: HmacScheme['hash'], body: Uint8Array, signature: Buffer): boolean {
  for (const key of keys) {
    // An empty secret, which anybody knows, makes none.
    if (!((key.symmetricKeySize ?? 0) > 0)) continue;
    if (timingSafeEqual(createHmac(hash, key).update(body).digest(), signature)) return true;
  }
  return false;
}
