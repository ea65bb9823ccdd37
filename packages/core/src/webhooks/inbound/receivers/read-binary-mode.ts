import { decodeUtf8 } from '../../../json/decode-utf8.ts';
import type { Json } from '../../../json/json.ts';
import { parseBody } from '../parse-body.ts';
import { type SeenRequest, unreadable } from './received-message.ts';

/** How the data of a binary event is read. */
export interface BinaryReading {
  /** In lower case, without parameters; empty where there is none. */
  readonly mediaType: string;
  /** Keys that JSON may have in all its objects together. */
  readonly maximumKeys: number;
}

/** A CloudEvent whose attributes are headers `ce-*`, in its JSON format. Throws `body_invalid` for a header that cannot be read, and for no attribute at all. */
export function readBinaryMode({ headers, body }: SeenRequest, { mediaType, maximumKeys }: BinaryReading): Json {
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice('ce-'.length), attributeOf(value)] as const] : [],
  );
  if (attributes.length === 0) throw unreadable('The request is no CloudEvent: it has neither its content type nor its headers');
  // The body's own words would be taken for the hub's reading of it.
  if (attributes.some(([name]) => name === 'data' || name === 'data_base64' || name === 'datacontenttype'))
    throw unreadable('A CloudEvent has no header of its data or of its content type');
  const { 'content-type': datacontenttype } = headers;
  return {
    ...Object.fromEntries(attributes),
    ...(datacontenttype === undefined ? {} : { datacontenttype }),
    ...dataOf(body, { mediaType, maximumKeys }),
  };
}

/** A value as it was before it became a header: RFC 3986 percent-encoding of UTF-8, and quotes that older senders put around. */
function attributeOf(value: string): string {
  const plain = /^".*"$/.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
  try {
    return decodeURIComponent(plain);
  } catch {
    throw unreadable('A header of the CloudEvent is not percent-encoded as it should be');
  }
}

function dataOf(body: Uint8Array, { mediaType, maximumKeys }: BinaryReading): { readonly [Name in 'data' | 'data_base64']?: Json } {
  if (body.byteLength === 0) return {};
  if (mediaType === '' || mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json'))
    return { data: parseBody(body, maximumKeys).value };
  const text = mediaType.startsWith('text/') || mediaType.endsWith('xml') ? decodeUtf8(body) : undefined;
  return text === undefined ? { data_base64: Buffer.from(body).toString('base64') } : { data: text };
}
