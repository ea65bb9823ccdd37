import type { DispatchKey } from './dispatch-records.ts';

/** Names a lane. */
export interface LaneName {
  readonly tenant: string;
  readonly lane: string;
}

/** What a worker asks for. */
export interface ClaimRequest {
  readonly holder: string;
  /** Handlers that this process has; others are left alone. */
  readonly handlers: readonly string[];
  /** Only these dispatches, fenced as ever. */
  readonly keys?: readonly DispatchKey[];
  /** Lanes of which nothing ready is handed out, as if a gate closed them; {@link keys} and suspects are. @default none */
  readonly without?: readonly LaneName[];
  /** At most so many. */
  readonly limit: number;
  /** At most this share of the limit goes to replays while live work waits, 0 to 1. */
  readonly replayShare: number;
  readonly ttlMs: number;
  /**
   * `ready`: due, never crashed. `suspect`: at most one dispatch that has crashed or whose lease has expired; taking over an expired lease
   * raises `crashes` and `attempts`, records the broken attempt as unknown, and sets `unknownSince` where it was in flight.
   */
  readonly kind: 'ready' | 'suspect';
}
