import type { DispatchEnd } from '../contracts/advancer.ts';
import type { GateReason } from '../contracts/control-stores.ts';
import type { Settlement } from '../contracts/hot-store.ts';
import type { ErrorRecord } from '../errors/error-record.ts';

/** What one try came to, before it is written. */
export type Resolution =
  | {
      readonly write: 'settle';
      readonly outcome: 'succeeded' | 'failed' | 'unknown';
      readonly settlement: Settlement;
      readonly error: ErrorRecord | null;
      readonly retryInMs: number | null;
      readonly providerRequestId: string | null;
      readonly warnings: readonly string[];
      readonly exchange: string | null;
      /** How the dispatch ended, where it did: the run goes on from it. */
      readonly end: DispatchEnd | null;
      readonly closeLane: { readonly reason: GateReason; readonly forMs: number } | null;
    }
  | { readonly write: 'defer'; readonly delayMs: number; readonly reason: string; readonly nothingSent: boolean };
