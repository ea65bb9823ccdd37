import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeUtf8 } from '../../../json/decode-utf8.ts';

const sha256InQuery = /[?&]bodySHA256=([0-9a-f]{64})(?:&|$)/;

/**
 * What Twilio signs of a body: each parameter of the form, name and value, sorted by name and value. Where the URL holds the SHA-256 of the body,
 * which it signs too, nothing more. `undefined` for a body that is none of the two, or that says the same thing twice.
 * Source: www.twilio.com/docs/usage/webhooks/webhooks-security.
 */
export function formContent(url: string, body: Uint8Array): string | undefined {
  const [, named] = sha256InQuery.exec(url) ?? [];
  if (named !== undefined) return timingSafeEqual(createHash('sha256').update(body).digest(), Buffer.from(named, 'hex')) ? '' : undefined;
  if (body.byteLength === 0) return '';
  const text = decodeUtf8(body);
  if (text === undefined || !text.split('&').every((field) => field.includes('='))) return undefined;
  const fields = [...new URLSearchParams(text)].toSorted(
    ([name, value], [other, otherValue]) => compare(name, other) || compare(value, otherValue),
  );
  const isRepeated = fields.some(([name, value], index) => fields[index - 1]?.[0] === name && fields[index - 1]?.[1] === value);
  return isRepeated ? undefined : fields.flat().join('');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
