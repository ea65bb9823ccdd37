import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';

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

/** A signature as a request presents it: well-formed and in time, and not yet compared with any secret. */
export interface PresentedSignature {
  readonly digest: Buffer;
  /** Text that is signed before the body. */
  readonly preamble: string;
}

const hexDigest = /^[0-9a-fA-F]{64}$/;
// 32 bytes leave two bits of the last letter unused; only the spelling in which they are zero is one.
const base64Digest = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const unixSeconds = /^[1-9][0-9]{9}$/;

/** Most secrets tried for one request. */
const maximumKeys = 5;

/** True only for a request that one of the secrets signed over these very bytes. Whatever is missing or malformed is false. */
export function verifySignature({ headers, body }: SignedRequest, { scheme, keys, now }: SignatureCheck): boolean {
  const presented = presentedSignature(headers, scheme, now);
  return presented !== undefined && isSignedBy(presented, body, keys);
}

/** The signature that a request presents; `undefined` for none, one of another shape, and one whose time is not near `now` (milliseconds). */
export function presentedSignature(
  headers: SignedRequest['headers'],
  scheme: SignatureScheme,
  now: number,
): PresentedSignature | undefined {
  if (scheme.kind === 'hmac-sha256') {
    const digest = digestFrom(headerOf(headers, scheme.header), scheme.prefix, scheme.encoding);
    return digest && { digest, preamble: '' };
  }
  const digest = digestFrom(headerOf(headers, scheme.header), `${scheme.version}=`, scheme.encoding);
  const timestamp = headerOf(headers, scheme.timestampHeader);
  if (digest === undefined || timestamp === undefined || !unixSeconds.test(timestamp)) return undefined;
  // Asked this way round, a tolerance that is no number accepts nothing.
  const isInTime = Math.abs(now / 1_000 - Number(timestamp)) <= scheme.toleranceSeconds;
  return isInTime ? { digest, preamble: `${scheme.version}:${timestamp}:` } : undefined;
}

/** True where one of the secrets made the signature over these bytes. An empty secret, which anybody knows, makes none. */
export function isSignedBy({ digest, preamble }: PresentedSignature, body: Uint8Array, keys: readonly KeyObject[]): boolean {
  return keys.slice(0, maximumKeys).some((key) => {
    if (!((key.symmetricKeySize ?? 0) > 0)) return false;
    const hmac = createHmac('sha256', key);
    if (preamble !== '') hmac.update(preamble);
    return timingSafeEqual(hmac.update(body).digest(), digest);
  });
}

/** A key that is nobody's secret. */
const nobodysKey = createSecretKey(Buffer.alloc(32, 1));

/** Always false, in the time of one comparison: where there is no secret to compare with, the answer's time is not to tell. */
export function isSignedByNobody(presented: PresentedSignature, body: Uint8Array): false {
  isSignedBy(presented, body, [nobodysKey]);
  return false;
}

function headerOf(headers: SignedRequest['headers'], name: string): string | undefined {
  const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function digestFrom(header: string | undefined, prefix: string, encoding: 'hex' | 'base64'): Buffer | undefined {
  if (header === undefined || !header.startsWith(prefix)) return undefined;
  const text = header.slice(prefix.length);
  // Buffer.from skips what it does not know, so the shape is checked first.
  return (encoding === 'hex' ? hexDigest : base64Digest).test(text) ? Buffer.from(text, encoding) : undefined;
}
