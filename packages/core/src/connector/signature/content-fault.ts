import { isHeaderName, isOptionalText, isText } from './scheme-values.ts';
import { toleranceFault } from './tolerance-fault.ts';

type Loose = Readonly<Record<string, unknown>>;

const choices = {
  hash: ['sha1', 'sha256', 'sha512'],
  secret: ['utf8', 'base64', 'hex', 'whsec'],
  key: ['base64', 'hex'],
  encoding: ['hex', 'base64'],
  url: [undefined, 'exact', 'twilio', 'hubspot'],
} as const;

const parts: readonly unknown[] = ['body', 'form', 'method', 'target', 'timestamp', 'url'];

/** What is wrong with a scheme over parts of the request, or `undefined`. */
export function contentFault(scheme: Loose): string | undefined {
  const { field, header, prefix, signs, time } = scheme;
  if (!isHeaderName(header)) return 'the signature header of its webhooks has no name';
  if (typeof prefix !== 'string' || !isOptionalText(field)) return 'the prefix and field of its signature must be text';
  const own = scheme['kind'] === 'hmac' ? (['hash', 'secret', 'encoding', 'url'] as const) : (['key', 'encoding', 'url'] as const);
  for (const name of own) {
    const known: readonly unknown[] = choices[name];
    if (!known.includes(scheme[name])) return `the ${name} of its signature must be ${known.filter(Boolean).join(' or ')}`;
  }
  return signsFault(signs) ?? timeFault({ time, field, signs });
}

function signsFault(signs: unknown): string | undefined {
  if (!Array.isArray(signs) || !signs.every(isPart)) return `what it signs must be a list of ${parts.join(', ')} and { text }`;
  // A signature that leaves out the body would hold for any.
  return signs.includes('body') !== signs.includes('form') ? undefined : 'its signature must cover the body or the form, once';
}

function isPart(part: unknown): boolean {
  if (parts.includes(part)) return true;
  return typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string';
}

function timeFault({
  time,
  field,
  signs,
}: {
  readonly time: unknown;
  readonly field: unknown;
  readonly signs: unknown;
}): string | undefined {
  const signed = Array.isArray(signs) && signs.includes('timestamp');
  if (time === undefined) return signed ? 'it signs a timestamp, and does not say where that is' : undefined;
  const { in: place, unit, toleranceSeconds } = looseOf(time);
  const { header, headerField, bodyField } = looseOf(place);
  const named = [header, headerField, bodyField].filter((name) => name !== undefined);
  if (named.length !== 1 || (header === undefined ? !isText(named[0]) : !isHeaderName(header)))
    return 'the timestamp header of its webhooks has no name';
  if (headerField !== undefined && field === undefined) return 'its timestamp is a field of a header that has none';
  // A field of the body is signed with the body; whatever else is not signed could be written by anybody.
  if ((bodyField === undefined) !== signed) return 'its timestamp must be signed, by itself or in the body';
  if (unit !== 'seconds' && unit !== 'milliseconds') return 'the unit of its timestamp must be seconds or milliseconds';
  return toleranceFault(toleranceSeconds);
}

const looseOf = (value: unknown): Loose => (typeof value === 'object' && value !== null ? { ...value } : {});
