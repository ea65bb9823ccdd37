import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';

/** What repeating needs. */
export interface PersistOptions {
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Aborts when this process stops for good; then the last error is thrown. */
  readonly giveUp: AbortSignal;
  /** Repeats what the store refuses, too. @default false */
  readonly evenRefused?: boolean;
}

/** Longest pause between two tries, milliseconds. */
const longestPauseMs = 2_000;

/**
 * Repeats a write until the store gives its verdict: each try is harmless because repeating gives the same verdict, and an outcome that is
 * lost would be done again. Throws what the store refuses for the write's own sake, and the last error when this process gives up.
 */
export async function persist<Verdict>(options: PersistOptions, write: () => Promise<Verdict>): Promise<Verdict> {
  const { clock, random, giveUp, evenRefused = false } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (giveUp.aborted || (isRefusal(error) && !evenRefused)) throw error;
      await sleep(clock, Math.round(random() * Math.min(longestPauseMs, 50 * 2 ** Math.min(tries, 10))), giveUp);
    }
  }
}

/** True for an error that names the caller's own bytes as the reason: the same ones are refused again. */
export function isRefusal(error: unknown): boolean {
  return isPatchbayError(error) && !error.retryable && error.code === 'invalid_argument';
}
