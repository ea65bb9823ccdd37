import type { SentRequest, SigningService } from './signing-services.ts';

const signedBySns = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'Signature', 'SignatureVersion', 'SigningCertURL'];

/**
 * What a request says to its service's scheme, in one writing: two requests that differ only in what the scheme passes over say the same. Hex digits
 * count in either case; headers that it does not sign with, further fields and versions of signatures are passed over, as the services' documentation has it.
 */
export function meaningOf({ name, bodiless, inBody }: SigningService, request: SentRequest, signing: readonly string[]): string {
  const { body, headers, method, url } = request;
  const said = Object.entries(headers)
    .filter(([header]) => signing.includes(header))
    .map(([header, value]) => `${header}: ${shownAs(name, value)}`)
    .toSorted();
  const content = inBody ? fieldsOf(name, body) : name === 'twilio' ? formOf(body) : bodiless ? '' : body.toString('latin1');
  const place = name === 'hubspot' ? `${method} ${url}` : ['square', 'twilio'].includes(name) ? url : '';
  return JSON.stringify([...said, content, place]);
}

function shownAs(name: SigningService['name'], value: string): string {
  if (name === 'stripe')
    return value
      .split(',')
      .filter((field) => /^(t|v1)=/.test(field))
      .join(',')
      .toLowerCase();
  if (['standard-webhooks', 'gitlab', 'svix'].includes(name)) {
    const entries = value.split(' ');
    return entries.every((entry) => /^v\d+[a-z]*,[A-Za-z0-9+/=_-]+$/.test(entry)) && entries.length <= 5
      ? entries.filter((entry) => /^v1a?,/.test(entry)).join(' ')
      : value;
  }
  const digest = /^(.*?)([0-9a-fA-F]{64,128})$/.exec(value);
  return digest ? `${digest[1]}${digest[2]?.toLowerCase()}` : value;
}

function fieldsOf(name: SigningService['name'], body: Buffer): string {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    if (name === 'aws-sns') return JSON.stringify(signedBySns.map((field) => (value as Record<string, unknown>)[field]));
    return JSON.stringify((value as { value: { clientState: unknown }[] }).value.map(({ clientState }) => clientState));
  } catch {
    return body.toString('latin1');
  }
}

/** As Twilio signs it, which does not tell where a name ends and its value begins. */
function formOf(body: Buffer): string {
  const fields = [...new URLSearchParams(body.toString('utf8'))].map((field) => field.join(''));
  return fields.toSorted().join('');
}
