import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { base64Bytes, hexBytes, secretBytes } from '../../../connector/signature/secret-coding.ts';
import type { SignatureScheme } from '../../../connector/signature-scheme.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';

const publicPrefix = 'whpk_';
const publicKeyBytes = 32;

/**
 * A webhook secret as the key that its scheme takes. Throws `credential_missing`, which repeats none of it, for what could verify nothing, and
 * for what is empty, under which anybody could sign.
 */
export function verificationKey(secret: string, scheme: SignatureScheme): KeyObject {
  switch (scheme.kind) {
    case 'hmac':
      return createSecretKey(secretBytes(secret, scheme.secret));
    case 'ed25519':
      return publicKey(scheme.key === 'hex' ? hexBytes(secret) : base64Bytes(secret));
    case 'standard-webhooks':
      if (secret.startsWith(publicPrefix)) return publicKey(base64Bytes(secret.slice(publicPrefix.length)));
      return createSecretKey(secretBytes(secret, 'whsec'));
    default:
      return createSecretKey(secretBytes(secret, 'utf8'));
  }
}

function publicKey(bytes: Buffer | undefined): KeyObject {
  if (bytes?.length === publicKeyBytes)
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
  throw new PatchbayError({
    code: 'credential_missing',
    message: `The webhook's public key is not ${publicKeyBytes} bytes of ed25519. Copy it as the service shows it.`,
  });
}
