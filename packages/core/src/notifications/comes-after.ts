/** When trouble was last seen, and what time it is here. Milliseconds since 1970. */
export interface LastTrouble {
  readonly lastSeenAt: number;
  readonly now: number;
}

/**
 * True where what went well came after the trouble. Trouble of a time to come was seen by a clock that was wrong: most signs that it is over come once, and
 * taken for older ones they would leave the alert open for good.
 */
export function comesAfter(wellAt: number, { lastSeenAt, now }: LastTrouble): boolean {
  return wellAt >= lastSeenAt || lastSeenAt > now;
}
