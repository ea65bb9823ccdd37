import type { DispatchKey } from './dispatch-records.ts';

/** A hint that there is work. Every field only narrows where to look; with any of them it is of dispatches alone, and no event waits to be routed. */
export interface Wake {
  readonly handlers?: readonly string[];
  readonly keys?: readonly DispatchKey[];
  /** Milliseconds from now when there will be work. */
  readonly inMs?: number;
}

/**
 * What wakes workers. The ledger is the truth: losing every wake-up only costs the poll interval, a wake-up too many costs one
 * claim. `wake` never waits for a worker and never rejects because nobody listens.
 */
export interface Queue {
  wake(hint: Wake): Promise<void>;
  /** Calls the listener for each wake-up, possibly coalesced. Returns what ends it. */
  onWake(listener: (hint: Wake) => void): () => void;
  close(): Promise<void>;
}
