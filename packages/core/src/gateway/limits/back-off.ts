const first = 1_000;
const longest = 60_000;

/** Milliseconds for which a service that refuses for a limit's sake, and says no time, is left alone: doubled each time, and spread. */
export function backOffMs(times: number, random: number): number {
  const most = Math.min(longest, first * 2 ** Math.min(20, times - 1));
  return Math.ceil(most / 2 + (random * most) / 2);
}
