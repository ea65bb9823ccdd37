import type { NetworkRequest } from '../net/network-request.ts';
import type { RawRequest } from './raw-request.ts';

/** A request that is ready to go, with its credential. It stays inside the gateway. */
export interface FinishedRequest {
  readonly request: NetworkRequest;
  readonly method: string;
  /** Path with `{}` for each value, for notices. */
  readonly template: string;
  /** False for a declared host that takes no credential. */
  readonly isTrusted: boolean;
  /** What it was made from, without its credential. */
  readonly raw: RawRequest;
}
