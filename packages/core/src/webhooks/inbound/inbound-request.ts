import type { SignedRequest } from './verify-signature.ts';

/** A webhook request at the door, with where it was sent to. */
export interface InboundRequest {
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
  readonly headers: SignedRequest['headers'];
  /** Reads exactly the bytes that came, once. Never called for a request that its path and headers are enough to refuse. */
  readBody(): Promise<Uint8Array>;
}
