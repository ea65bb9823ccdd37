import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { CallClass } from './call-class.ts';
import type { WarningReason } from './warning-reason.ts';

/** A score as it was at a time, milliseconds since 1970. */
export interface ScorePoint {
  readonly at: number;
  readonly score: number;
}

/** How a breaker stands before a connection. */
export type BreakerPosition = 'closed' | 'half_open' | 'open';

/** What the health of a connection is worked out from. Times are milliseconds since 1970. */
export interface HealthSignals {
  /** The moment that the score is of. */
  readonly at: number;
  readonly status: ConnectionStatus;
  /** Calls of late by how they ended, each weighing half after ten minutes. A class that is left out is 0. */
  readonly calls: { readonly [Class in CallClass]?: number };
  /** Medians, milliseconds; `null` where too few calls were seen. */
  readonly latency: { readonly recentMs: number | null; readonly usualMs: number | null };
  /** Share of the service's quota that is left, 0 to 1; `null` where nobody knows. */
  readonly quotaLeft: number | null;
  readonly credential: {
    /** When it ends and cannot be renewed by itself; `null`: it does not, or nobody has said. */
    readonly expiresAt: number | null;
    /** Renewals in a row that have failed. */
    readonly failedRenewals: number;
  };
  readonly breaker: BreakerPosition;
  /** Looks at the service in a row that did not go well. */
  readonly failedChecks: number;
  readonly events: {
    readonly lastAt: number | null;
    /** Time that usually lies between two events, milliseconds; `null` where too few were seen. */
    readonly usualGapMs: number | null;
  };
  /** Scores before this one, the oldest first. */
  readonly scores: readonly ScorePoint[];
  /** The warning that stands; `null`: none. It stays until what it warns of is clearly over. */
  readonly warning: WarningReason | null;
}
