import type { ClaimedDispatch } from './dispatch-records.ts';
import type { BirthLease } from './hot-store.ts';

/** A promise of free slots in this process's worker. */
export interface Reservation {
  readonly lease: BirthLease;
  /**
   * Starts what was born leased and gives the other slots back. Called exactly once. `null`: the answer was lost, and nobody knows what it
   * would have named; it is looked for and goes back.
   */
  take(dispatches: readonly ClaimedDispatch[] | null): void;
}

/** Lets new dispatches be born in the hands of this process. Implemented by `dispatch`. */
export interface LeaseTaker {
  /** Up to `limit` slots, or `null` where this process is no worker or has none free. */
  reserve(limit: number): Reservation | null;
}
