import type { KeyObject } from 'node:crypto';

/** Most secrets tried for one request, and most signatures of one request that are compared. */
export const mostTried = 5;

/** A signature as a request presents it: well-formed and in time, and not yet compared with any secret. */
export interface PresentedSignature {
  /** Which kind of key could have made it. */
  readonly madeBy: 'secret' | 'public';
  /**
   * True where one of the keys made it over this body. A promise only where a certificate has to be fetched; it then rejects with `not_ready`
   * where that cannot be had just now.
   */
  isBy(body: Uint8Array, keys: readonly KeyObject[]): boolean | Promise<boolean>;
}
