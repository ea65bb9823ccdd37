import { type AwsSnsScheme, awsSns } from './signature/aws-sns-scheme.ts';
import { type BearerJwtScheme, bearerJwt } from './signature/bearer-jwt-scheme.ts';
import { knownSchemes } from './signature/known-schemes.ts';
import { type BodyTokenScheme, bodyToken, type HeaderTokenScheme, headerToken } from './signature/shared-token-scheme.ts';
import { type Ed25519Scheme, ed25519, type HmacScheme, hmac } from './signature/signed-content.ts';
import { type StandardWebhooksScheme, standardWebhooks } from './signature/standard-webhooks-scheme.ts';

/** How a provider signs. Data only, and JSON: core does the checking, over the raw bytes. */
export type SignatureScheme =
  | HmacScheme
  | Ed25519Scheme
  | StandardWebhooksScheme
  | HeaderTokenScheme
  | BodyTokenScheme
  | BearerJwtScheme
  | AwsSnsScheme;

/** Makes schemes, each with the defaults of its kind; `known` has those of services, by name. */
export const signatures = { known: knownSchemes, hmac, ed25519, standardWebhooks, headerToken, bodyToken, bearerJwt, awsSns } as const;

/** GitHub's and many others' scheme: hex or base64 HMAC-SHA256 of the raw body. @default no prefix, hex */
export function hmacSha256(options: {
  readonly header: string;
  readonly prefix?: string;
  readonly encoding?: 'hex' | 'base64';
}): HmacScheme {
  return hmac(options);
}

/**
 * Slack's scheme `v0`: `{version}:{timestamp}:{raw body}`, with the timestamp in a header of its own.
 * @default tolerance 300 s, as docs.slack.dev/authentication/verifying-requests-from-slack says
 */
export function timestampedHmacSha256(options: {
  readonly header: string;
  readonly timestampHeader: string;
  readonly version: string;
  readonly toleranceSeconds?: number;
}): HmacScheme {
  const { header, timestampHeader, version, toleranceSeconds = 300 } = options;
  return hmac({
    header,
    prefix: `${version}=`,
    signs: [{ text: `${version}:` }, 'timestamp', { text: ':' }, 'body'],
    time: { in: { header: timestampHeader }, unit: 'seconds', toleranceSeconds },
  });
}
