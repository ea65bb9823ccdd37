import type { RequestBodyKinds } from '../connector/request-body.ts';
import { invalidBody, mediaType, type RequestBody, upload } from './body-shape.ts';
import { encodeQuery } from './encode-query.ts';
import { multipartBody } from './multipart-body.ts';

const kinds = ['json', 'form', 'text', 'bytes', 'stream', 'multipart'] as const;

/** The body of a call, `undefined` for none. Throws `invalid_argument` for two at once, and for one that is not of its kind. */
export function requestBody(given: RequestBodyKinds): RequestBody | undefined {
  if (kinds.filter((kind) => given[kind] !== undefined).length > 1) throw invalidBody(`has one of ${kinds.join(', ')}`);
  const { json, form, text, bytes, stream, length, multipart, contentType } = given;
  const typed = text !== undefined || bytes !== undefined || stream !== undefined;
  if ((contentType !== undefined && !typed) || (length !== undefined && stream === undefined))
    throw invalidBody('has a contentType only with text, bytes or a stream, and a length only with a stream');
  if (json !== undefined) return { contentType: 'application/json; charset=utf-8', text: JSON.stringify(json) };
  if (form !== undefined) return { contentType: 'application/x-www-form-urlencoded', text: encodeQuery(form) };
  if (text !== undefined) return { contentType: mediaType(contentType ?? 'text/plain; charset=utf-8'), text: wellFormed(text) };
  const type = (): string => mediaType(contentType ?? 'application/octet-stream');
  if (bytes !== undefined) return { contentType: type(), text: '', bytes: asBytes(bytes) };
  if (stream !== undefined) return { contentType: type(), text: '', upload: upload(stream, length) };
  return multipart === undefined ? undefined : multipartBody(multipart);
}

function wellFormed(text: string): string {
  if (typeof text === 'string' && text.isWellFormed()) return text;
  throw invalidBody('is well-formed where it is text');
}

function asBytes(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw invalidBody('is a Uint8Array where it is bytes');
}
