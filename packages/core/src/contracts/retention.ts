import { PatchbayError } from '../errors/patchbay-error.ts';

/** How long a durable storage keeps what has ended. */
export interface Retention {
  /**
   * Days that an event is kept with everything below it, 1 to 36,500, by the time in its id. What is still open is kept. @default 90
   */
  readonly historyDays?: number;
  /**
   * Days that dedupe keys are kept, 30 to 36,500: no connector's service may send a delivery again after more than 30. @default 30
   */
  readonly dedupeDays?: number;
}

const longestDays = 36_500;

function checkDays(name: keyof Retention, days: number, least: number): number {
  if (Number.isInteger(days) && days >= least && days <= longestDays) return days;
  const message = `retention.${name} is whole days from ${least} to ${longestDays}. Correct it.`;
  throw new PatchbayError({ code: 'invalid_argument', message });
}

/** Retention with its defaults filled in. Throws `invalid_argument` for a figure out of its bounds. */
export const fullRetention = ({ historyDays = 90, dedupeDays = 30 }: Retention = {}): Required<Retention> => ({
  historyDays: checkDays('historyDays', historyDays, 1),
  dedupeDays: checkDays('dedupeDays', dedupeDays, 30),
});
