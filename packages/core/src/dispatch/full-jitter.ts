/** How long to wait between tries. */
export interface BackoffOptions {
  /** Upper bound of the first wait, milliseconds. @default 1,000 */
  readonly baseMs: number;
  /** Upper bound of every wait, milliseconds. @default 300,000 (5 min) */
  readonly maximumMs: number;
}

/**
 * Full jitter: a random part of an exponentially growing bound, so that many failures at once do not come back at once.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. `random` is between 0 and 1.
 */
export function fullJitter(options: BackoffOptions, attempts: number, random: number): number {
  const bound = Math.min(options.maximumMs, options.baseMs * 2 ** Math.min(30, Math.max(0, attempts - 1)));
  return Math.round(bound * random);
}
