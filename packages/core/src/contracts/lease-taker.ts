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
  /**
   * A slot for each of these handlers as far as there are any, or `null`: where this process is no worker, has no slot, or cannot execute one of
   * them, which must then be claimed by a process that can.
   */
  reserve(handlers: readonly string[]): Reservation | null;
}
