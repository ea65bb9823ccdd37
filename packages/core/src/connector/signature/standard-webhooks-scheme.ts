/**
 * Standard Webhooks 1.0: an HMAC-SHA256 (`v1`) or an ed25519 signature (`v1a`) over id, time and body. Which of the two verifies is said by the
 * secret: `whsec_` or `whpk_`, each with base64 behind it. Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
 */
export interface StandardWebhooksScheme {
  readonly kind: 'standard-webhooks';
  /** What the headers' names begin with: `{prefix}-id`, `{prefix}-timestamp`, `{prefix}-signature`. Lower case. */
  readonly headers: string;
  /** Seconds that the timestamp may differ from now, both ways; 1 to 3,600. */
  readonly toleranceSeconds: number;
}

/** The scheme of Standard Webhooks. @default headers `webhook-…`; 300 s, as the specification's libraries have it */
export function standardWebhooks(options: { readonly headers?: string; readonly toleranceSeconds?: number } = {}): StandardWebhooksScheme {
  return {
    kind: 'standard-webhooks',
    headers: (options.headers ?? 'webhook').toLowerCase(),
    toleranceSeconds: options.toleranceSeconds ?? 300,
  };
}
