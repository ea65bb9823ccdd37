/** Earliest before the end at which a token is renewed, milliseconds: a quarter of its life, and at most five minutes. */
const longestMargin = 300_000;
const shareOfLife = 4;

/** Life of a token of which nobody knows when it was given, milliseconds. */
const usualLife = 3_600_000;

/** When an access token was given, and when it ends, milliseconds since 1970; absent where nobody has said. */
export interface TokenLife {
  readonly obtainedAt?: number;
  readonly expiresAt?: number;
}

/**
 * When an access token is to be renewed, milliseconds since 1970; infinity where it has no known end. Each connection has a moment of its own
 * between the margin and half of it, the same in every process: tokens that end in one second are not renewed in one.
 */
export function refreshDueAt({ obtainedAt, expiresAt }: TokenLife, connection: string): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  const life = Math.max(0, expiresAt - (obtainedAt ?? expiresAt - usualLife));
  const margin = Math.min(longestMargin, life / shareOfLife);
  return expiresAt - margin * (1 - spreadOf(connection) / 2);
}

/** The random end of a connection's id, as a number from 0 to 1. */
function spreadOf(connection: string): number {
  const digits = Number.parseInt(connection.slice(-8), 16);
  return Number.isNaN(digits) ? 0 : digits / 0xffff_ffff;
}
