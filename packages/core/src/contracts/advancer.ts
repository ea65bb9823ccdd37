import type { ErrorRecord } from '../errors/error-record.ts';
import type { DispatchRecord, RunRecord } from './dispatch-records.ts';
import type { RunChange } from './run-change.ts';

/** How a dispatch of a run ended. `output` is JSON text. */
export type DispatchEnd =
  | { readonly ended: 'succeeded'; readonly output: string | null }
  | { readonly ended: 'failed'; readonly error: ErrorRecord };

/** Works out what follows in a run. Pure but for reading what it needs; called again with a newer run when it lost the compare-and-set. */
export interface Advancer {
  /** `null`: the run stays as it is, because it was cancelled or the step is not the one that is under way. */
  advance(dispatch: DispatchRecord, run: RunRecord, end: DispatchEnd): Promise<RunChange | null>;
}
