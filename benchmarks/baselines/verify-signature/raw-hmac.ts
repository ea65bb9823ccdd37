/**
 * The limit of `verify-signature`: HMAC-SHA256 of node:crypto and nothing else.
 *
 * What it does: one key, prepared as a `KeyObject`; the HMAC over the bytes as they came; the header's hex behind `sha256=` decoded; both compared in
 * constant time.
 * What it leaves out: whether there is such a header, its prefix, and whether what stands behind it is hex (`Buffer.from` skips what is not); other
 * schemes, several secrets, and a secret that is empty.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { SignatureContestant } from '../../src/verify-signature/signature-contestant.ts';

const prefix = 'sha256=';

/** Checking by hand. */
export function rawHmac(secret: string): SignatureContestant {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  return ({ body, headers }) => {
    const signature = Buffer.from((headers['x-hub-signature-256'] ?? '').slice(prefix.length), 'hex');
    return timingSafeEqual(createHmac('sha256', key).update(body).digest(), signature);
  };
}
