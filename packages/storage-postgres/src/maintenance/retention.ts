import { fullRetention, type Retention } from '@patchbay/core/adapter';

export type { Retention };

/** Retention with every figure filled in, and what follows from it. */
export interface RetentionPlan extends Required<Retention> {
  /** Days that one partition covers: a sixth of the history, so that it takes a sixth longer at most until space is free. */
  readonly widthDays: number;
  /** Days that partitions are made ahead: as long may pass without maintenance. */
  readonly aheadDays: number;
}

/** Fills in the defaults. Throws `invalid_argument` for a figure out of its bounds. */
export function planRetention(retention?: Retention): RetentionPlan {
  const days = fullRetention(retention);
  const widthDays = Math.min(30, Math.max(1, Math.round(days.historyDays / 6)));
  return { ...days, widthDays, aheadDays: Math.max(60, 2 * widthDays) };
}
