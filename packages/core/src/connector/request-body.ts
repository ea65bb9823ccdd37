import type { Json } from '../json/json.ts';
import type { QueryValue } from './query-value.ts';

/** Bytes that are read while they are sent: once, and no faster than the service takes them. Texts are sent as UTF-8. */
export type BodyStream = ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** One field or file of a form (RFC 7578). Exactly one of `text`, `bytes` and `stream`. */
export interface FormPart {
  readonly name: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly stream?: BodyStream;
  /** Bytes of `stream`, where they are known; where one is not, the form is sent in chunks. */
  readonly length?: number;
  /** Makes it a file. */
  readonly fileName?: string;
  /** @default none for a field, 'application/octet-stream' for a file */
  readonly contentType?: string;
}

/** The body of a request: none, or one of these kinds. */
export interface RequestBodyKinds {
  readonly json?: Json | object;
  readonly form?: Readonly<Record<string, QueryValue>>;
  /** Sent as UTF-8. */
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** A request with a stream is sent once: nothing repeats it. */
  readonly stream?: BodyStream;
  /** Bytes of `stream`, where they are known: sent as content-length and held to. @default sent in chunks */
  readonly length?: number;
  /** A form with files, `multipart/form-data`. */
  readonly multipart?: readonly FormPart[];
  /** Of `text`, `bytes` and `stream`. @default 'text/plain; charset=utf-8' for a text, else 'application/octet-stream' */
  readonly contentType?: string;
}
