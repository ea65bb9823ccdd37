import type { RunKey } from './dispatch-records.ts';

/** The change of a run that goes with a settlement, applied by compare-and-set. */
export interface RunChange {
  readonly key: RunKey;
