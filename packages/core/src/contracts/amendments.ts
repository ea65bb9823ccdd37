import type { ErrorRecord } from '../errors/error-record.ts';
import type { AuditEntry } from './audit-store.ts';
import type { DispatchKey, RunKey } from './dispatch-records.ts';
import type { RunChange } from './run-change.ts';

/** A change by a person or a policy to a dispatch that nobody holds. */
export interface AmendItem {
  readonly key: DispatchKey;
  /** The round it was seen in; another round is `stale`. */
  readonly round: number;
  /** `pending` opens the next round (from `dead`, `held`, `cancelled`); the others end one that waits. `forget` clears `unknownSince`. */
  readonly settlement:
    | { readonly to: 'pending'; readonly delayMs: number; readonly forget: boolean }
    | { readonly to: 'succeeded'; readonly output: string | null }
    | { readonly to: 'dead'; readonly error: ErrorRecord }
    | { readonly to: 'cancelled' };
  readonly run: RunChange | null;
  /** Recorded in the same transaction where the verdict is `done`. */
  readonly audit?: AuditEntry;
}

/** A run to end. */
export interface CancelRunRequest {
  readonly key: RunKey;
  readonly revision: number;
  /** Recorded in the same transaction where the verdict is `done`. */
  readonly audit?: AuditEntry;
}

/** `busy`: a worker holds it. `stale`: round, status or run have moved on. `missing`: no such dispatch of this tenant. */
export type AmendVerdict = { readonly status: 'done' | 'busy' | 'stale' | 'missing' };
