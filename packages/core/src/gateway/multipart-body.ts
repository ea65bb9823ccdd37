import { randomBytes } from 'node:crypto';
import type { FormPart } from '../connector/request-body.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type OpenSource, openSource } from '../net/upload-source.ts';
import { mediaType, type RequestBody, upload } from './body-shape.ts';

/** Random bytes of a boundary: nobody who gives a part's bytes can guess it, so none can end a part from within. */
const boundaryBytes = 24;

const mostParts = 1_000;
const controls = /\p{Cc}/u;

/**
 * A form with files (RFC 7578). Without streams it is bytes, which can be sent again; with one it is read while it is sent. Throws `invalid_argument` for a
 * part that is none, and for a name with a line end or another control character.
 */
export function multipartBody(parts: readonly FormPart[]): RequestBody {
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > mostParts) throw malformed(`has between 1 and ${mostParts} parts`);
  const boundary = `patchbay-${randomBytes(boundaryBytes).toString('hex')}`;
  const contentType = `multipart/form-data; boundary=${boundary}`;
  const pieces = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n`), contentOf(part), Buffer.from('\r\n')]);
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  const whole = pieces.filter((piece) => piece instanceof Uint8Array);
  if (whole.length === pieces.length) return { contentType, text: '', bytes: Buffer.concat(whole) };
  const sizes = pieces.map((piece) => (piece instanceof Uint8Array ? piece.byteLength : piece.length));
  const length = sizes.reduce<number | undefined>((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
  return { contentType, text: '', upload: upload(oneAfterAnother(pieces), length) };
}

type Streamed = Required<Pick<FormPart, 'stream'>> & Pick<FormPart, 'length'>;

function contentOf({ text, bytes, stream, length }: FormPart): Uint8Array | Streamed {
  const given = [text, bytes, stream].filter((content) => content !== undefined);
  if (given.length !== 1) throw malformed('has exactly one of text, bytes and stream in each part');
  if (typeof text === 'string') return Buffer.from(text, 'utf8');
  if (bytes instanceof Uint8Array) return bytes;
  if (typeof stream === 'object') return length === undefined ? { stream } : { stream, length };
  throw malformed('has text, bytes or a stream in each part');
}

function headOf({ name, fileName, contentType }: FormPart): string {
  const file = fileName === undefined ? '' : `; filename="${quoted(fileName)}"`;
  const type = contentType ?? (fileName === undefined ? undefined : 'application/octet-stream');
  const typeLine = type === undefined ? '' : `content-type: ${mediaType(type)}\r\n`;
  return `content-disposition: form-data; name="${quoted(name)}"${file}\r\n${typeLine}`;
}

/** As RFC 7578, section 4.2, and browsers write it: UTF-8, with a quote as its percent code. A line end is refused, not encoded. */
function quoted(text: string): string {
  if (typeof text !== 'string' || text === '' || text.length > 1_000 || controls.test(text) || !text.isWellFormed())
    throw malformed('has names of 1 to 1,000 characters without line ends or other control characters');
  return text.replaceAll('"', '%22');
}

/** The pieces in turn; when it is stopped, streams that were not begun are stopped too. */
function oneAfterAnother(pieces: readonly (Uint8Array | Streamed)[]): AsyncIterable<Uint8Array | string> {
  const waiting = [...pieces];
  let source: OpenSource | undefined;
  const next = async (): Promise<IteratorResult<Uint8Array | string, undefined>> => {
    for (;;) {
      const read = await source?.next();
      if (read && read.done !== true) return { done: false, value: read.value };
      source = undefined;
      const piece = waiting.shift();
      if (piece === undefined) return { done: true, value: undefined };
      if (piece instanceof Uint8Array) return { done: false, value: piece };
      source = openSource(piece.stream);
    }
  };
  const stop = (): Promise<IteratorResult<Uint8Array | string, undefined>> => {
    source?.stop();
    for (const piece of waiting.splice(0)) if (!(piece instanceof Uint8Array)) openSource(piece.stream).stop();
    return Promise.resolve({ done: true, value: undefined });
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: stop }) };
}

function malformed(what: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `A multipart body ${what}. Correct the call.`, sent: 'no' });
}
