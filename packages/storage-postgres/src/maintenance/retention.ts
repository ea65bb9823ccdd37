import { malformed } from '../storage-error.ts';

/** How long what has ended is kept. */
export interface Retention {
  /**
   * Days that an event is kept with everything below it, 1 to 36,500. What is still open is kept, and so are its neighbours of the same range
   * of days. @default 90
   */
  readonly historyDays?: number;
  /**
   * Days that dedupe keys are kept, 30 to 36,500: no connector's service may send a delivery again after more than 30. @default 30
   */
  readonly dedupeDays?: number;
}

/** Retention with every figure filled in, and what follows from it. */
export interface RetentionPlan {
  readonly historyDays: number;
  readonly dedupeDays: number;
  /** Days that one partition covers: a sixth of the history, so that it takes a sixth longer at most until space is free. */
  readonly widthDays: number;
  /** Days that partitions are made ahead: as long may pass without maintenance. */
  readonly aheadDays: number;
}

const longestDays = 36_500;

function checkDays(name: keyof Retention, days: number, least: number): number {
  if (Number.isInteger(days) && days >= least && days <= longestDays) return days;
  throw malformed(`retention.${name} is whole days from ${least} to ${longestDays}. Correct it.`);
}

/** Fills in the defaults. Throws `invalid_argument` for a figure out of its bounds. */
export function planRetention({ historyDays = 90, dedupeDays = 30 }: Retention = {}): RetentionPlan {
  const days = checkDays('historyDays', historyDays, 1);
  const widthDays = Math.min(30, Math.max(1, Math.round(days / 6)));
  return { historyDays: days, dedupeDays: checkDays('dedupeDays', dedupeDays, 30), widthDays, aheadDays: Math.max(60, 2 * widthDays) };
}
