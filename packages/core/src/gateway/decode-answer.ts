import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
} from 'node:zlib';
import type { HttpAnswer } from '../connector/connector-http.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { foreignCode } from '../net/connection-failure.ts';
import { responseTooLarge } from '../net/request-failure.ts';
import { decodedHeaders } from './answer-headers.ts';

type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Codings that one body may have one over the other; each multiplies what a small body can become. */
const mostCodings = 2;

/** How many times larger a body may become, once a mebibyte of it has been read. */
const largestRatio = 200;
const unsuspicious = 1_048_576;

const names: Readonly<Record<string, Coding | undefined>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate', br: 'br', zstd: 'zstd' };

/**
 * How a body is coded, in the order in which it is decoded; empty for most. Nothing coded is asked for, and some services send it all the same. Throws
 * `response_invalid` for what cannot be decoded: a secret in it would not be seen.
 */
export function codingsOf(headers: HttpAnswer['headers']): readonly Coding[] {
  const given = headers['content-encoding'];
  if (given === undefined) return [];
  const listed = String(given)
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const codings = listed.flatMap((name) => names[name] ?? []).reverse();
  if (codings.length === listed.length && codings.length <= mostCodings) return codings;
  throw undecoded('is coded in a way that the hub does not read (content-encoding)');
}

const decoders = { gzip: promisify(gunzip), br: promisify(brotliDecompress), zstd: promisify(zstdDecompress) };
const decodeDeflate = promisify(inflate);
const decodeRawDeflate = promisify(inflateRaw);

/**
 * The answer with its body decoded, of at most so many bytes; the same one where it is not coded. What cannot be decoded of an error is left out: its status
 * tells. Throws `response_too_large` and `response_invalid`.
 */
export async function decodeAnswer(answer: HttpAnswer, maximumBytes: number): Promise<HttpAnswer> {
  if (answer.headers['content-encoding'] === undefined) return answer;
  const headers = decodedHeaders(answer.headers);
  try {
    let body = answer.body;
    for (const coding of codingsOf(answer.headers)) body = body.byteLength === 0 ? body : await decode(body, coding, maximumBytes);
    return { ...answer, headers, body };
  } catch (error) {
    if (answer.status < 300) throw decodingFailed(error);
    return { ...answer, headers, body: new Uint8Array(0) };
  }
}

function decode(bytes: Uint8Array, coding: Coding, maxOutputLength: number): Promise<Uint8Array> {
  const limit = { maxOutputLength };
  if (coding !== 'deflate') return decoders[coding](bytes, limit);
  return isRaw(bytes) ? decodeRawDeflate(bytes, limit) : decodeDeflate(bytes, limit);
}

/** What is decoded as it comes. */
export interface CodedPieces {
  readonly pieces: AsyncIterator<Uint8Array, unknown>;
  readonly codings: readonly Coding[];
  readonly maximumBytes: number;
}

/**
 * Decodes a body as it comes. A bomb ends it with `response_too_large`: one that has more bytes than it may, or far more than it was sent in. Throws
 * `response_invalid` for what is not so coded.
 */
export async function* decodePieces({ pieces, codings, maximumBytes }: CodedPieces): AsyncGenerator<Uint8Array, void, undefined> {
  const first = await pieces.next();
  if (first.done === true) return;
  let coded = 0;
  let plain = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for (let each: IteratorResult<Uint8Array, unknown> = first; each.done !== true; each = await pieces.next()) {
      coded += each.value.byteLength;
      yield each.value;
    }
  };
  const source = Readable.from(counted(), { objectMode: false });
  const decoded = codings.reduce<Readable>(
    (from, coding, index) => pipeline(from, decoderOf(coding, index === 0 && isRaw(first.value)), () => undefined),
    source,
  );
  try {
    for await (const piece of decoded) {
      if (!(piece instanceof Uint8Array)) continue;
      plain += piece.byteLength;
      const isBomb = plain > unsuspicious && plain > coded * largestRatio;
      if (plain > maximumBytes || isBomb) throw responseTooLarge({ status: undefined, what: 'decoded body' });
      yield piece;
    }
  } catch (error) {
    throw decodingFailed(error);
  }
}

function decoderOf(coding: Coding, raw: boolean): Transform {
  switch (coding) {
    case 'gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    case 'deflate':
      return raw ? createInflateRaw() : createInflate();
  }
}

/** Some services leave the frame of zlib out, though RFC 9110, section 8.4.1.2, wants it: its first byte names the method 8. */
function isRaw(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 15) !== 8;
}

function decodingFailed(error: unknown): PatchbayError {
  if (isPatchbayError(error)) return error;
  if (foreignCode(error) === 'ERR_BUFFER_TOO_LARGE') return responseTooLarge({ status: undefined, what: 'decoded body' });
  return undecoded('is not what its content-encoding says');
}

/** Without `sent`: the service has done what it was asked, only what it gave is lost. */
function undecoded(what: string): PatchbayError {
  return new PatchbayError({
    code: 'response_invalid',
    message: `The answer ${what}, so it is not handed on. Report it to whoever runs the service.`,
  });
}
