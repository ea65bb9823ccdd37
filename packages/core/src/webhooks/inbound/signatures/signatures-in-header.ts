import type { SignedContent } from '../../../connector/signature/signed-content.ts';
import { digestOfText } from './digest-of-text.ts';
import { mostTried } from './presented-signature.ts';

/** What a signature header holds. */
export interface HeaderSignatures {
  /** At least one, at most five. */
  readonly signatures: readonly Buffer[];
  /** The field in which the time is, where the header has fields and the time is one of them. */
  readonly timestamp: string | undefined;
}

const fieldShape = /^[A-Za-z0-9_]+=[\x21-\x7e]*$/;

/** Most fields of a header. */
const mostFields = 12;

/** The signatures of a header; `undefined` where there is none, too many, or one that has not the shape of `bytes` bytes. */
export function signaturesInHeader(value: string, scheme: SignedContent, bytes: number): HeaderSignatures | undefined {
  if (scheme.field !== undefined) return fromFields(value, scheme, scheme.field, bytes);
  if (!value.startsWith(scheme.prefix)) return undefined;
  const signature = digestOfText(value.slice(scheme.prefix.length), scheme.encoding, bytes);
  return signature && { signatures: [signature], timestamp: undefined };
}

function fromFields(value: string, scheme: SignedContent, field: string, bytes: number): HeaderSignatures | undefined {
  const place = scheme.time?.in;
  const timeField = place && 'headerField' in place ? place.headerField : undefined;
  const fields = value.split(',', mostFields + 1);
  if (fields.length > mostFields) return undefined;
  const signatures: Buffer[] = [];
  const times: string[] = [];
  for (const each of fields) {
    const end = each.indexOf('=');
    const name = each.slice(0, Math.max(0, end));
    // A header that came twice is joined by a comma and a space, and no field's name begins with one.
    if (!fieldShape.test(each)) return undefined;
    if (name === timeField) times.push(each.slice(end + 1));
    if (name !== field) continue;
    const signature = digestOfText(each.slice(end + 1 + scheme.prefix.length), scheme.encoding, bytes);
    if (!signature || !each.startsWith(scheme.prefix, end + 1)) return undefined;
    signatures.push(signature);
  }
  if (signatures.length === 0 || signatures.length > mostTried || times.length > 1) return undefined;
  return { signatures, timestamp: times[0] };
}
