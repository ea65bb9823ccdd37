import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';

type Signing = EndpointRecord['signing'];

/** A key that signs deliveries, with the version of the signature that it makes. */
export interface DeliveryKey {
  readonly version: 'v1' | 'v1a';
  readonly key: KeyObject;
}

/** Lengths of an HMAC secret, bytes. Source: Standard Webhooks, "Webhook signing secrets". */
const hmacLength = { least: 24, most: 64 };

/** Length of a generated HMAC secret, and of an ed25519 seed and public key, bytes. */
const keyLength = 32;

const prefixes = { hmac: 'whsec_', ed25519: 'whsk_' } as const;

/** Everything that stands before a raw ed25519 key in its DER form (RFC 8410). */
const der = { seed: Buffer.from('302e020100300506032b657004220420', 'hex'), public: Buffer.from('302a300506032b6570032100', 'hex') };

/**
 * A new secret in the writing of Standard Webhooks: `whsec_` with 32 random bytes, or `whsk_` with an ed25519 seed and its public key, as
 * libsodium writes secret keys.
 */
export function newEndpointSecret(signing: Signing, randomBytes: (size: number) => Uint8Array): string {
  const bytes = Buffer.from(randomBytes(keyLength));
  if (signing === 'hmac') return `${prefixes.hmac}${bytes.toString('base64')}`;
  return `${prefixes.ed25519}${Buffer.concat([bytes, rawPublicKey(seedKey(bytes))]).toString('base64')}`;
}

/** The key that a secret is. Throws `invalid_argument` for one that is none of this kind; the secret is not repeated. */
export function deliveryKey(signing: Signing, secret: unknown): DeliveryKey {
  const bytes = bytesOf(signing, secret);
  if (signing === 'hmac') {
    if (bytes.length < hmacLength.least || bytes.length > hmacLength.most) throw invalidSecret(signing);
    return { version: 'v1', key: createSecretKey(bytes) };
  }
  const key = seedKey(bytes.subarray(0, keyLength));
  const isWhole = bytes.length === keyLength || (bytes.length === 2 * keyLength && rawPublicKey(key).equals(bytes.subarray(keyLength)));
  if (!isWhole) throw invalidSecret(signing);
  return { version: 'v1a', key };
}

/** What a receiver verifies ed25519 signatures with, `whpk_…`; undefined for HMAC, where that is the secret itself. */
export function publicKeyOf({ version, key }: DeliveryKey): string | undefined {
  return version === 'v1a' ? `whpk_${rawPublicKey(key).toString('base64')}` : undefined;
}

function bytesOf(signing: Signing, secret: unknown): Buffer {
  const prefix = prefixes[signing];
  if (typeof secret !== 'string' || !secret.startsWith(prefix)) throw invalidSecret(signing);
  const text = secret.slice(prefix.length);
  const bytes = Buffer.from(text, 'base64');
  // Buffer passes over what is no base64: a secret that others read in another way would sign what nobody can verify.
  if (bytes.toString('base64') !== text || bytes.length < hmacLength.least) throw invalidSecret(signing);
  return bytes;
}

function seedKey(seed: Buffer): KeyObject {
  if (seed.length !== keyLength) throw invalidSecret('ed25519');
  return createPrivateKey({ key: Buffer.concat([der.seed, seed]), format: 'der', type: 'pkcs8' });
}

function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(der.public.length);
}

function invalidSecret(signing: Signing): PatchbayError {
  const form =
    signing === 'hmac'
      ? `${prefixes.hmac} and 24 to 64 bytes in base64`
      : `${prefixes.ed25519} and the 32 bytes of an ed25519 seed in base64, with or without its public key behind them`;
  return new PatchbayError({
    code: 'invalid_argument',
    message: `The secret of the endpoint is not ${form}. Correct it, or leave it out and one is made.`,
  });
}
