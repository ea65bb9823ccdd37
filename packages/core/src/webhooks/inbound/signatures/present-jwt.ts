import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BearerJwtScheme } from '../../../connector/signature/bearer-jwt-scheme.ts';
import { decodeUtf8 } from '../../../json/decode-utf8.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import type { Json } from '../../../json/json.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { headerOf, type RequestHead } from './signed-request.ts';

// 32 bytes leave two bits of the last letter unused; only the spelling in which they are zero is one.
const shape = /^Bearer ([A-Za-z0-9_-]{2,1024})\.([A-Za-z0-9_-]{2,8192})\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;

/** The bearer token of a request; `undefined` where there is none, or one that is not signed with HS256, over, not begun, or somebody else's. */
export function presentJwt(scheme: BearerJwtScheme, head: RequestHead, now: number): PresentedSignature | undefined {
  const [, header = '', payload = '', signature = ''] = shape.exec(headerOf(head, scheme.header) ?? '') ?? [];
  const protection = objectIn(header);
  const claims = objectIn(payload);
  // Whatever `crit` names would have to be understood, and nothing is.
  if (protection?.['alg'] !== 'HS256' || Object.hasOwn(protection, 'crit') || !claims) return undefined;
  if (!isTimely(claims, scheme, now / 1_000) || !isFor(claims, scheme)) return undefined;
  const presented = Buffer.from(signature, 'base64url');
  return {
    madeBy: 'secret',
    isBy: (_body, keys) =>
      keys.some((key) => {
        if (!((key.symmetricKeySize ?? 0) > 0)) return false;
        return timingSafeEqual(createHmac('sha256', key).update(`${header}.${payload}`).digest(), presented);
      }),
  };
}

type Claims = Readonly<Record<string, Json>>;

/** The object that a segment says, in the one spelling that base64url has for it. */
function objectIn(segment: string): Claims | undefined {
  const bytes = Buffer.from(segment, 'base64url');
  const text = bytes.toString('base64url') === segment ? decodeUtf8(bytes) : undefined;
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTimely(claims: Claims, { expiry, skewSeconds }: BearerJwtScheme, now: number): boolean {
  const end = claims['exp'];
  const start = claims['nbf'];
  const isOpen = end === undefined ? expiry === 'optional' : typeof end === 'number' && now < end + skewSeconds;
  return isOpen && (start === undefined || (typeof start === 'number' && now >= start - skewSeconds));
}

function isFor(claims: Claims, { issuer, audience }: BearerJwtScheme): boolean {
  const named = [claims['aud']].flat();
  return (issuer === undefined || claims['iss'] === issuer) && (audience === undefined || named.includes(audience));
}
