import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/core';

/** A secret of the suite: what is registered, and what the service signs with; they differ where the service has a private key. */
export interface SuiteSecret {
  readonly registered: string;
  readonly signing: string;
}

/** A secret as the scheme writes them, the same for the same text. */
export function suiteSecret(scheme: SignatureScheme | undefined, text: string): SuiteSecret {
  if (scheme?.kind === 'ed25519') return keyPair(text, scheme.key);
  const secret = writtenFor(scheme, text);
  return { registered: secret, signing: secret };
}

function writtenFor(scheme: SignatureScheme | undefined, text: string): string {
  const coding = scheme?.kind === 'standard-webhooks' ? 'whsec' : scheme?.kind === 'hmac' ? scheme.secret : 'utf8';
  if (coding === 'whsec') return `whsec_${Buffer.from(text).toString('base64')}`;
  return Buffer.from(text).toString(coding);
}

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function keyPair(text: string, coding: 'hex' | 'base64'): SuiteSecret {
  const der = Buffer.concat([pkcs8, createHash('sha256').update(text).digest()]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    registered: Buffer.from(x, 'base64url').toString(coding),
    signing: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** The header with the signature; undefined where the scheme has none. */
export function signatureHeader(scheme: SignatureScheme): string | undefined {
  if (scheme.kind === 'standard-webhooks') return `${scheme.headers}-signature`;
  return 'header' in scheme ? scheme.header : undefined;
}

/** Does the signature cover the body? A token and a JWT are as good under any other. */
export function signsBody({ kind }: SignatureScheme): boolean {
  return kind === 'hmac' || kind === 'ed25519' || kind === 'standard-webhooks' || kind === 'aws-sns';
}

/** Where a signed time stands, and how many seconds it may be off; undefined where none is signed that a delivery's `timestamp` tells. */
export function signedTime(
  scheme: SignatureScheme | undefined,
): { readonly header?: string; readonly toleranceSeconds: number } | undefined {
  if (scheme?.kind === 'standard-webhooks') return { header: `${scheme.headers}-timestamp`, toleranceSeconds: scheme.toleranceSeconds };
  if (scheme?.kind !== 'hmac' && scheme?.kind !== 'ed25519') return undefined;
  const { time } = scheme;
  return time && { ...('header' in time.in ? { header: time.in.header } : {}), toleranceSeconds: time.toleranceSeconds };
}
