import type { ErrorRecord } from '../errors/error-record.ts';
import type { NewDispatch, RunKey, RunStatus } from './dispatch-records.ts';

/** The change of a run that goes with a settlement, applied by compare-and-set. */
export interface RunChange {
  readonly key: RunKey;
  /** The revision that the new state was worked out from. */
  readonly revision: number;
  readonly status: RunStatus;
  readonly state: string;
  readonly error: ErrorRecord | null;
  /** Dispatches that follow. */
  readonly next: readonly NewDispatch[];
}
