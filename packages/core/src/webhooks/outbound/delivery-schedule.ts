const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Milliseconds before each attempt, counted from the one before: 3 days and 3 hours in all. Source: Standard Webhooks, "Retry schedule", whose
 * steps these are.
 */
const waits = [0, 5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour] as const;

/** Attempts of a round before a delivery is dead. */
export const deliveryAttempts = waits.length;

/** Part of a wait by which it is lengthened or shortened, so that what failed together does not come back together. */
const jitter = 0.2;

/** Milliseconds until the next attempt after `attempts` recorded ones, within 20 % of the schedule; `random` is between 0 and 1. */
export function deliveryBackoff(attempts: number, random: number): number {
  const wait = waits[Math.min(attempts, waits.length - 1)] ?? 0;
  return Math.round(wait * (1 + jitter * (2 * random - 1)));
}
