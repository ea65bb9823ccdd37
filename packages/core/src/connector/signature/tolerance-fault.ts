import { isNumberWithin } from './scheme-values.ts';

/** Seconds for which a signature may be good: a longer time lets whoever has seen a request send it again, and a day's is as good as none. */
const tolerance = { least: 1, most: 3_600 };

/** What is wrong with the seconds that a signed time may differ, or `undefined`. */
export function toleranceFault(seconds: unknown): string | undefined {
  return isNumberWithin(seconds, tolerance.least, tolerance.most)
    ? undefined
    : `the toleranceSeconds of its webhooks must be a number of seconds from ${tolerance.least} to ${tolerance.most}`;
}
