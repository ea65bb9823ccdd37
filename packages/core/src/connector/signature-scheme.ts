/** An HMAC-SHA256 over the raw body, in one header. */
export interface HmacScheme {
  readonly kind: 'hmac-sha256';
  /** Lower-case header name. */
  readonly header: string;
  /** Text before the digest, such as `sha256=`. */
  readonly prefix: string;
  readonly encoding: 'hex' | 'base64';
}

/** An HMAC-SHA256 over `{version}:{timestamp}:{raw body}`, with the timestamp in a header of its own (Slack). */
export interface TimestampedHmacScheme {
  readonly kind: 'timestamped-hmac-sha256';
  readonly header: string;
  readonly timestampHeader: string;
  /** Text before the timestamp in what is signed and before `=` in the header, such as `v0`. */
  readonly version: string;
  readonly encoding: 'hex';
  /** Seconds that the timestamp may differ from now, both ways; 1 to 3,600. */
  readonly toleranceSeconds: number;
}

/** How a provider signs. Data only: core does the checking, over the raw bytes. */
export type SignatureScheme = HmacScheme | TimestampedHmacScheme;

/** GitHub's and many others' scheme: hex or base64 HMAC-SHA256 of the raw body. @default no prefix, hex */
export function hmacSha256(options: {
  readonly header: string;
  readonly prefix?: string;
  readonly encoding?: 'hex' | 'base64';
}): HmacScheme {
  return { kind: 'hmac-sha256', header: options.header.toLowerCase(), prefix: options.prefix ?? '', encoding: options.encoding ?? 'hex' };
}

/** Slack's scheme `v0`. @default tolerance 300 s, as docs.slack.dev/authentication/verifying-requests-from-slack says */
export function timestampedHmacSha256(options: {
  readonly header: string;
  readonly timestampHeader: string;
  readonly version: string;
  readonly toleranceSeconds?: number;
}): TimestampedHmacScheme {
  return {
    kind: 'timestamped-hmac-sha256',
    header: options.header.toLowerCase(),
    timestampHeader: options.timestampHeader.toLowerCase(),
    version: options.version,
    encoding: 'hex',
    toleranceSeconds: options.toleranceSeconds ?? 300,
  };
}
