import type { RequestHead } from './signatures/signed-request.ts';

/** A webhook request at the door, with where it was sent to. */
export interface InboundRequest {
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
  /** Id of the receiver whose URL it was sent to; then the two above say nothing. @default none */
  readonly receiver?: string;
  /** `POST`, and of challenges `GET` and `OPTIONS`. */
  readonly method: RequestHead['method'];
  /** Path below the hub's public address, and query, exactly as they came. */
  readonly target: string;
  /** What stands behind the question mark, as it came; empty without one. */
  readonly query: string;
  readonly headers: RequestHead['headers'];
  /** The sender's address in canonical bytes; `null` where it cannot be told. */
  readonly address: Uint8Array | null;
  /** Reads exactly the bytes that came, once. Never called for a request that its path and headers are enough to refuse. */
  readBody(): Promise<Uint8Array>;
}
