import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { JsonObject } from '../json/json.ts';

/** How core signs an assertion: RFC 7518, section 3.1, and RFC 8037. */
export type AssertionAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

/** An assertion (JWT, RFC 7523) that is to be signed. */
export interface Assertion {
  readonly algorithm: AssertionAlgorithm;
  /** PEM, without a passphrase. */
  readonly privateKey: string;
  /** By which the service knows the key. @default it is not said */
  readonly keyId?: string | undefined;
  readonly claims: JsonObject;
}

/** Least bits of an RSA key. RFC 7518, section 3.3 */
const leastBits = 2_048;

/** The algorithm that a key signs by; `undefined` for a key that no assertion can be signed with. */
export function algorithmOf(key: KeyObject): AssertionAlgorithm | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  if (type === 'rsa') return (details.modulusLength ?? 0) >= leastBits ? 'RS256' : undefined;
  if (type === 'ec') return details.namedCurve === 'prime256v1' ? 'ES256' : undefined;
  return type === 'ed25519' ? 'EdDSA' : undefined;
}

/** Signs an assertion. Throws `credential_missing` for a key of another kind than the algorithm; it never repeats the key. */
export function signAssertion({ algorithm, privateKey, keyId, claims }: Assertion): string {
  const key = createPrivateKey(privateKey);
  if (algorithmOf(key) !== algorithm) throw wrongKey(algorithm);
  const header = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part), 'utf8').toString('base64url')).join('.');
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  return `${text}.${sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** The error for a key that does not sign by an algorithm. */
export const wrongKey = (algorithm: AssertionAlgorithm): PatchbayError =>
  new PatchbayError({
    code: 'credential_missing',
    message: `The private key does not sign by ${algorithm}. It takes ${kinds[algorithm]}; pass the one that the service gave.`,
    sent: 'no',
  });

const kinds: Readonly<Record<AssertionAlgorithm, string>> = {
  RS256: `an RSA key of at least ${leastBits} bits`,
  ES256: 'a key on the curve P-256',
  EdDSA: 'an Ed25519 key',
};
