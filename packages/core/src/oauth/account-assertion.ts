import type { AssertionAlgorithm } from './sign-assertion.ts';
import { signAssertion } from './sign-assertion.ts';

/** Seconds for which a service account's assertion is valid. RFC 7523 leaves it open; services take an hour at most. */
export const assertionLife = 3_600;

/** What a service account's assertion says, and whose key signs it. */
export interface AccountAssertion {
  readonly algorithm: AssertionAlgorithm;
  readonly audience: string;
  /** Separated by spaces; absent: none are asked for. */
  readonly scope?: string | undefined;
  readonly issuer: string;
  /** @default the issuer */
  readonly subject?: string | undefined;
  readonly keyId?: string | undefined;
  readonly privateKey: string;
}

/** The assertion of a service account (RFC 7523, section 3), valid for an hour from `at`, milliseconds since 1970. */
export function accountAssertion(
  { algorithm, audience, scope, issuer, subject = issuer, keyId, privateKey }: AccountAssertion,
  at: number,
): string {
  const iat = Math.floor(at / 1_000);
  const claims = { iss: issuer, sub: subject, aud: audience, iat, exp: iat + assertionLife, ...(scope === undefined ? {} : { scope }) };
  return signAssertion({ algorithm, privateKey, keyId, claims });
}
