import type { RequestHead } from './signatures/signed-request.ts';

/** A webhook request at the door, with where it was sent to. */
export interface InboundRequest {
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
  readonly method: RequestHead['method'];
  /** Path below the hub's public address, and query, exactly as they came. */
  readonly target: string;
  readonly headers: RequestHead['headers'];
  /** Reads exactly the bytes that came, once. Never called for a request that its path and headers are enough to refuse. */
  readBody(): Promise<Uint8Array>;
}
