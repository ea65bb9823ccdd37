import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/core';
import { systemClock } from '@patchbay/core/adapter';

/** What is signed, and with what. */
export interface SigningInput {
  /** As it would be registered; for ed25519 the private key, PKCS #8 in PEM. */
  readonly secret: string;
  /** The raw body: text counts as UTF-8. */
  readonly body: string | Uint8Array;
  /** Seconds since 1970, for schemes that sign a time. @default the machine's clock */
  readonly timestamp?: number;
  /** The whole URL that is called, for schemes that sign it. @default https://hub.example/webhooks */
  readonly url?: string;
  /** @default POST */
  readonly method?: string;
  /** Of a delivery by Standard Webhooks. @default msg_1 */
  readonly id?: string;
}

type Headers = Record<string, string>;
type Signing = Required<Omit<SigningInput, 'body'>> & { readonly body: Buffer };

/**
 * The headers that a provider would send with a body, by its scheme. It is written apart from the hub's checking, so that one tests the other.
 * Throws for `aws-sns`, whose signature is in the body; a token in the body is the caller's to put there, and so is a time.
 */
export function signWebhook(scheme: SignatureScheme, input: SigningInput): Headers {
  const timestamp = input.timestamp ?? Math.floor(systemClock.now() / 1000);
  const defaults = { url: 'https://hub.example/webhooks', method: 'POST', id: 'msg_1' };
  const signing = { ...defaults, ...input, timestamp, body: Buffer.from(input.body) };
  switch (scheme.kind) {
    case 'hmac':
    case 'ed25519':
      return signContent(scheme, signing);
    case 'standard-webhooks':
      return signStandardWebhook(scheme.headers, signing);
    case 'header-token':
      return { [scheme.header]: `${scheme.prefix}${Buffer.from(signing.secret, 'utf8').toString('latin1')}` };
    case 'body-token':
      return {};
    case 'bearer-jwt':
      return { [scheme.header]: `Bearer ${jwt(signing)}` };
    case 'aws-sns':
      throw new Error('SNS signs in the body. Sign the message itself.');
  }
}

function signContent(scheme: Extract<SignatureScheme, { kind: 'hmac' | 'ed25519' }>, signing: Signing): Headers {
  const { time } = scheme;
  const stamp = String(time?.unit === 'milliseconds' ? signing.timestamp * 1_000 : signing.timestamp);
  const content = Buffer.concat(scheme.signs.map((part) => Buffer.from(partOf(part, signing, stamp))));
  const made =
    scheme.kind === 'hmac'
      ? createHmac(scheme.hash, keyOf(signing.secret, scheme.secret)).update(content).digest(scheme.encoding)
      : sign(null, content, createPrivateKey(signing.secret)).toString(scheme.encoding);
  const value = `${scheme.prefix}${made}`;
  const place = time?.in;
  const header = scheme.field === undefined ? value : `${scheme.field}=${value}`;
  if (place === undefined || 'bodyField' in place) return { [scheme.header]: header };
  if ('header' in place) return { [scheme.header]: header, [place.header]: stamp };
  return { [scheme.header]: `${place.headerField}=${stamp},${header}` };
}

type Part = Extract<SignatureScheme, { kind: 'hmac' }>['signs'][number];

function partOf(part: Part, { method, url, body }: Signing, stamp: string): string | Uint8Array {
  if (typeof part === 'object') return part.text;
  const { search, pathname } = new URL(url);
  return { body, form: formOf(url, body), method, target: `${pathname}${search}`, timestamp: stamp, url }[part];
}

function formOf(url: string, body: Buffer): string {
  if (new URL(url).searchParams.has('bodySHA256')) return '';
  const fields = new URLSearchParams(body.toString('utf8'));
  const names = [...new Set(fields.keys())].sort();
  return names
    .map((name) =>
      [...new Set(fields.getAll(name))]
        .sort()
        .map((value) => `${name}${value}`)
        .join(''),
    )
    .join('');
}

function keyOf(secret: string, coding: 'utf8' | 'base64' | 'hex' | 'whsec'): Buffer {
  return coding === 'whsec' ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, coding);
}

function signStandardWebhook(headers: string, { secret, body, id, timestamp }: Signing): Headers {
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signature = secret.startsWith('whsec_')
    ? `v1,${createHmac('sha256', keyOf(secret, 'whsec')).update(content).digest('base64')}`
    : `v1a,${sign(null, content, createPrivateKey(secret)).toString('base64')}`;
  return { [`${headers}-id`]: id, [`${headers}-timestamp`]: String(timestamp), [`${headers}-signature`]: signature };
}

function jwt({ secret, timestamp }: Signing): string {
  const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment({ iss: 'service', iat: timestamp, exp: timestamp + 180 })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
