import type { RequestUpload } from './upload-source.ts';

/** Limits of one request, in milliseconds. One that passes ends the request with `timeout`. */
export interface NetworkTimeouts {
  /** Until a connection is ready to take the request, waiting for a free one included. @default 10 000 */
  readonly connectMs?: number;
  /** Longest pause between two pieces of a request's body that is read while it is sent, the source's and the service's alike. @default 30 000 */
  readonly sendMs?: number;
  /** From the last byte of the request until the response's headers. @default 30 000 */
  readonly headersMs?: number;
  /** Longest pause between two pieces of the response's body; of one that is read as it comes, the reader's pauses count too. @default 30 000 */
  readonly bodyMs?: number;
  /** For everything together. @default 60 000 */
  readonly totalMs?: number;
}

/** What a client shows of itself in a TLS handshake. Its connections are its own; equal ones are the same client. */
export interface ClientIdentity {
  /** PEM; those that vouch for it may follow. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** One HTTP request. It is sent as it is: no redirect is followed, nothing is added but host, connection and content-length. */
export interface NetworkRequest {
  /** As `new URL(…).origin` spells it: scheme, host, port and nothing else. */
  readonly origin: string;
  /** Path and query, encoded, beginning with a slash. */
  readonly path: string;
  readonly method: string;
  /** Names and values in turn: `['accept', 'application/json']`. `host` and hop-by-hop headers are refused. */
  readonly headers: string[];
  /** What is read while it is sent is sent once: a request with it is never repeated. */
  readonly body?: Uint8Array | string | RequestUpload | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Shown to the service; only over https. @default none */
  readonly identity?: ClientIdentity | undefined;
  /** Offers HTTP/2 in the handshake, and speaks it where the service takes it. Not together with a certificate of the client. @default false */
  readonly http2?: boolean | undefined;
  readonly timeouts?: NetworkTimeouts | undefined;
  /** Bytes of the response's body that are read at most; then the connection is destroyed. */
  readonly maxResponseBytes: number;
  /** What a longer response is: an error, or an answer cut at the limit. @default 'refuse' */
  readonly overflow?: 'refuse' | 'truncate' | undefined;
}

/** Response headers by lower-case name; a list where the name came more than once. */
export type NetworkHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** When things happened, milliseconds from the moment at which the request was handed over. */
export interface ResponseTiming {
  /** A connection was ready: looked up and opened, or free again. */
  readonly connectMs: number;
  /** The head of the answer had come. */
  readonly firstByteMs: number;
}

/** The answer as it came: not decompressed, any status. */
export interface NetworkResponse {
  readonly status: number;
  readonly headers: NetworkHeaders;
  readonly body: Uint8Array;
  /** True when the body was longer and `overflow` is `truncate`. */
  readonly truncated: boolean;
  /** Absent where nobody has measured. */
  readonly timing?: ResponseTiming;
}
