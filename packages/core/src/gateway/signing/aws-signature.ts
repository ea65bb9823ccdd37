import { createHash, createHmac } from 'node:crypto';
import type { SigningRequest } from './request-signer.ts';

/** What an AWS request is signed with, and how. */
export interface AwsSigning {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  readonly service: string;
  /** Dot segments and empty ones are taken out of the signed path. Every service but S3. */
  readonly normalizePath: boolean;
  /** The signed path is the sent one, encoded once more. Every service but S3. */
  readonly encodePathAgain: boolean;
  /** The body's digest is a header of its own. S3 wants it. */
  readonly signBody: boolean;
}

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * The headers of AWS Signature Version 4: date, token, body digest and authorization. Every header of the request is signed, and the host.
 * Protocol: AWS IAM User Guide, "Create a signed AWS API request".
 */
export function awsSignature(request: SigningRequest, signing: AwsSigning): readonly (readonly [string, string])[] {
  const stamp = new Date(request.at).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const digest = sha256(request.body);
  const added: [string, string][] = [['x-amz-date', stamp]];
  if (signing.sessionToken !== undefined) added.push(['x-amz-security-token', signing.sessionToken]);
  if (signing.signBody) added.push(['x-amz-content-sha256', digest]);
  const headers = mergedHeaders([['host', new URL(request.origin).host], ...request.headers, ...added]);
  const names = headers.map(([name]) => name).join(';');
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const [path = '', ...query] = request.target.split('?');
  const canonical = [request.method, canonicalPath(path, signing), canonicalQuery(query.join('?')), lines, names, digest].join('\n');
  const day = stamp.slice(0, 8);
  const scope = `${day}/${signing.region}/${signing.service}/aws4_request`;
  const toSign = [algorithm, stamp, scope, sha256(canonical)].join('\n');
  const signature = hmac(signingKey(signing, day), toSign).toString('hex');
  const authorization = `${algorithm} Credential=${signing.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return [...added, ['authorization', authorization]];
}

function signingKey({ secretAccessKey, region, service }: AwsSigning, day: string): Buffer {
  return [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`, 'utf8'));
}

/** Sorted by name; the values of a name that comes again follow each other in the order in which they are sent. */
function mergedHeaders(headers: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const merged = new Map<string, string[]>();
  for (const [name, value] of headers) {
    merged.set(name, [...(merged.get(name) ?? []), value.trim().replace(/\s+/g, ' ')]);
  }
  return [...merged].map(([name, values]): [string, string] => [name, values.join(',')]).sort(([one], [other]) => compare(one, other));
}

function canonicalPath(path: string, { normalizePath, encodePathAgain }: AwsSigning): string {
  const kept = normalizePath ? withoutDots(path) : path;
  return encodePathAgain ? kept.split('/').map(encode).join('/') : kept;
}

/** RFC 3986, section 5.2.4, and no empty segment but a last one. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const isOpen = kept.length > 0 && /\/(\.{0,2})$/.test(path);
  return `/${kept.join('/')}${isOpen ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [encode(decode(name)), encode(decode(value.join('=')))];
  });
  return pairs
    .sort(([oneName, one], [otherName, other]) => compare(oneName, otherName) || compare(one, other))
    .map((pair) => pair.join('='))
    .join('&');
}

/** A plus is a plus here: what is sent to AWS writes a space as %20. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Everything but A-Z, a-z, 0-9 and `-._~`, in UTF-8. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
