import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import { presentContent } from './signatures/present-content.ts';
import { presentJwt } from './signatures/present-jwt.ts';
import { presentSns, type SnsWorld } from './signatures/present-sns.ts';
import { presentStandardWebhook } from './signatures/present-standard-webhook.ts';
import { presentBodyToken, presentHeaderToken } from './signatures/present-token.ts';
import { mostTried, type PresentedSignature } from './signatures/presented-signature.ts';
import type { RequestHead, SignedRequest } from './signatures/signed-request.ts';

/** What the check needs besides the request. */
export interface SignatureCheck extends SnsWorld {
  readonly scheme: SignatureScheme;
  /** Live secrets. None: refused. Each is tried, so that secrets can be rotated with overlap. */
  readonly keys: readonly KeyObject[];
}

/**
 * True only for a request that one of the secrets signed over these very bytes. Whatever is missing or malformed is false. A promise only where a
 * certificate has to be fetched.
 */
export function verifySignature(request: SignedRequest, check: SignatureCheck): boolean | Promise<boolean> {
  const presented = presentedSignature(request, check.scheme, check);
  return presented !== undefined && isSignedBy(presented, request.body, check.keys);
}

/** The signature that a request presents; `undefined` for none, one of another shape, and one whose time is not near `now` (milliseconds). */
export function presentedSignature(head: RequestHead, scheme: SignatureScheme, world: SnsWorld): PresentedSignature | undefined {
  switch (scheme.kind) {
    case 'hmac':
    case 'ed25519':
      return presentContent(scheme, head, world.now);
    case 'standard-webhooks':
      return presentStandardWebhook(scheme, head, world.now);
    case 'header-token':
      return presentHeaderToken(scheme, head);
    case 'body-token':
      return presentBodyToken(scheme);
    case 'bearer-jwt':
      return presentJwt(scheme, head, world.now);
    case 'aws-sns':
      return presentSns(scheme, head, world);
  }
}

/** True where one of the secrets, of which five are tried, made the signature over these bytes. */
export function isSignedBy(presented: PresentedSignature, body: Uint8Array, keys: readonly KeyObject[]): boolean | Promise<boolean> {
  return presented.isBy(body, keys.length > mostTried ? keys.slice(0, mostTried) : keys);
}

/** Keys that are nobody's; the public one is that of the seed of zeros. */
const nobodysKeys = {
  secret: createSecretKey(Buffer.alloc(32, 1)),
  public: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: 'O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik' }, format: 'jwk' }),
};

/** Always false, in the time of one comparison: where there is no secret to compare with, the answer's time is not to tell. */
export async function isSignedByNobody(presented: PresentedSignature, body: Uint8Array): Promise<false> {
  await isSignedBy(presented, body, [nobodysKeys[presented.madeBy]]);
  return false;
}
