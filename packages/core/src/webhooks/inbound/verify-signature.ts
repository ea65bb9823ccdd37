import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { HmacScheme, SignatureScheme, TimestampedHmacScheme } from '../../connector/signature-scheme.ts';

/** A request whose signature is to be checked. */
export interface SignedRequest {
  /** Lower-case names. A header that came twice is joined by a comma, and fails. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes that came. */
  readonly body: Uint8Array;
}

/** What the check needs besides the request. */
export interface SignatureCheck {
  readonly scheme: SignatureScheme;
  /** Live secrets. None: refused. Each is tried, so that secrets can be rotated with overlap. */
  readonly keys: readonly KeyObject[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const hexDigest = /^[0-9a-fA-F]{64}$/;
const base64Digest = /^[A-Za-z0-9+/]{43}=$/;
const unixSeconds = /^[1-9][0-9]{9}$/;

/** Most secrets tried for one request. */
const maximumKeys = 5;

/** True only for a request that one of the secrets signed over these very bytes. Whatever is missing or malformed is false. */
export function verifySignature(request: SignedRequest, check: SignatureCheck): boolean {
  const { scheme } = check;
  return scheme.kind === 'hmac-sha256' ? verifyHmac(request, check, scheme) : verifyTimestamped(request, check, scheme);
}

function verifyHmac({ headers, body }: SignedRequest, { keys }: SignatureCheck, scheme: HmacScheme): boolean {
  const digest = digestFrom(headers[scheme.header], scheme.prefix, scheme.encoding);
  return (
    digest !== undefined &&
    keys.slice(0, maximumKeys).some((key) => timingSafeEqual(createHmac('sha256', key).update(body).digest(), digest))
  );
}

function verifyTimestamped({ headers, body }: SignedRequest, { keys, now }: SignatureCheck, scheme: TimestampedHmacScheme): boolean {
  const digest = digestFrom(headers[scheme.header], `${scheme.version}=`, scheme.encoding);
  const timestamp = headers[scheme.timestampHeader];
  if (digest === undefined || timestamp === undefined || !unixSeconds.test(timestamp)) return false;
  if (Math.abs(now / 1_000 - Number(timestamp)) > scheme.toleranceSeconds) return false;
  const preamble = `${scheme.version}:${timestamp}:`;
  return keys
    .slice(0, maximumKeys)
    .some((key) => timingSafeEqual(createHmac('sha256', key).update(preamble).update(body).digest(), digest));
}

function digestFrom(header: string | undefined, prefix: string, encoding: 'hex' | 'base64'): Buffer | undefined {
  if (header === undefined || !header.startsWith(prefix)) return undefined;
  const text = header.slice(prefix.length);
  // Buffer.from skips what it does not know, so the shape is checked first.
  return (encoding === 'hex' ? hexDigest : base64Digest).test(text) ? Buffer.from(text, encoding) : undefined;
}
