import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { checkWindow, type SecretWindow } from './registration-secrets.ts';
import { verificationKey } from './signatures/verification-key.ts';

/** Lengths of a secret, characters. */
const secretLength = { least: 8, most: 1_024 };

/** Throws `credential_missing` for what is no secret of a scheme, and `invalid_argument` for times that are none. */
export function checkSecret(secret: unknown, scheme: SignatureScheme, window: SecretWindow): asserts secret is string {
  checkWindow(window);
  const fits = typeof secret === 'string' && secret.length >= secretLength.least && secret.length <= secretLength.most;
  if (!fits || !secret.isWellFormed())
    throw new PatchbayError({
      code: 'credential_missing',
      message: `A webhook secret is text of ${secretLength.least} to ${secretLength.most} characters; without one every delivery would be refused.`,
    });
  // Throws for one that its scheme could make no key of.
  verificationKey(secret, scheme);
}

/** A random secret (base64url) as a scheme writes secrets. */
export function secretFor(scheme: SignatureScheme | undefined, random: string): string {
  return scheme?.kind === 'standard-webhooks' ? `whsec_${Buffer.from(random, 'base64url').toString('base64')}` : random;
}
