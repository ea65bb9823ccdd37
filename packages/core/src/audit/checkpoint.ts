import { createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import type { ChainPoint } from '../contracts/audit-store.ts';
import { encodeFields } from './encode-fields.ts';

/** A point of a tenant's chain as it was at a time, for safe-keeping outside the database. */
export interface Checkpoint extends ChainPoint {
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Ed25519 or HMAC-SHA-256 over all of it, base64; `null` where the host gave no key. */
  readonly signature: string | null;
}

const bytesOf = ({ tenant, seq, hash, at }: Omit<Checkpoint, 'signature'>): Buffer =>
  encodeFields(['patchbay/audit/checkpoint/v1', tenant, seq, hash, at]);

/** Signs a checkpoint: with a private Ed25519 key, or by HMAC with a secret one. */
export function signCheckpoint(point: Omit<Checkpoint, 'signature'>, key: KeyObject | null): Checkpoint {
  if (key === null) return { ...point, signature: null };
  const bytes = bytesOf(point);
  const signature = key.type === 'secret' ? createHmac('sha256', key).update(bytes).digest() : sign(null, bytes, key);
  return { ...point, signature: signature.toString('base64') };
}

/** True where the key made the signature: the public half of an Ed25519 key, or the secret one. What is not signed is not genuine. */
export function isGenuineCheckpoint(checkpoint: Checkpoint, key: KeyObject): boolean {
  if (checkpoint.signature === null) return false;
  const bytes = bytesOf(checkpoint);
  const signature = Buffer.from(checkpoint.signature, 'base64');
  if (key.type !== 'secret') return verify(null, bytes, key, signature);
  const expected = createHmac('sha256', key).update(bytes).digest();
  return expected.byteLength === signature.byteLength && timingSafeEqual(expected, signature);
}
