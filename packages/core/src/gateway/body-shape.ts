import type { BodyStream } from '../connector/request-body.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { RequestUpload } from '../net/upload-source.ts';

/** A body as it is sent: `upload` where there is one, else `bytes`, else `text`. */
export interface RequestBody {
  readonly contentType: string;
  readonly text: string;
  readonly bytes?: Uint8Array;
  readonly upload?: RequestUpload;
}

/** What the network is given of a body. */
export function wireBody(body: RequestBody | undefined): Uint8Array | string | RequestUpload | undefined {
  return body?.upload ?? body?.bytes ?? body?.text;
}

/** Bytes that one request sends at most as a stream: the largest object that storage services take in one piece. */
const mostUploadBytes = 5_368_709_120;

/** A body that is read while it is sent. Throws `invalid_argument` for what is no stream, and for a length that is none. */
export function upload(pieces: BodyStream, bytes: number | undefined): RequestUpload {
  const isStream = typeof pieces === 'object' && pieces !== null && Symbol.asyncIterator in pieces;
  if (!isStream) throw invalidBody('is a ReadableStream or an async iterable where it is a stream');
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0))
    throw invalidBody('has a length that is a whole number of bytes');
  return { pieces, bytes, maximumBytes: mostUploadBytes };
}

const mediaShape = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*[\w!#$&^.+-]+=([\w!#$&^.+-]+|"[\x20\x21\x23-\x5b\x5d-\x7e]*"))*$/;

/** A media type as RFC 9110, section 8.3.1, writes it. Throws `invalid_argument`. */
export function mediaType(text: string): string {
  if (typeof text === 'string' && text.length <= 200 && mediaShape.test(text)) return text;
  throw invalidBody('has a contentType such as image/png');
}

/** The error of a body that is none, before anything is sent. `what` continues "The body of a request". */
export function invalidBody(what: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The body of a request ${what}. Correct the call.`, sent: 'no' });
}
