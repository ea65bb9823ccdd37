import type { FuelUse } from '../expression/frame.ts';

const mebibyte = 1_048_576;

/**
 * What planning an event at the door may use. Those who bring events wait for it, and many come at once: 400,000 steps took 14 ms on a
 * two-core cloud machine, and 4 MiB counted are at most 2 MiB of text beside an event of at most 1 MiB.
 */
export const doorFuel: Readonly<FuelUse> = { steps: 400_000, bytes: 4 * mebibyte };

/** What planning one page may use: 64 evaluations at their limit of steps, and what a store takes in one piece. */
export const pageFuel: Readonly<FuelUse> = { steps: 6_400_000, bytes: 16 * mebibyte };

/** What planning a page may use before the event loop gets a turn: one evaluation at its limits. */
export const sliceFuel: Readonly<FuelUse> = { steps: 100_000, bytes: 4 * mebibyte };

/** How far a slice that begins now may go. */
export function sliceEnd({ steps, bytes }: FuelUse): FuelUse {
  return { steps: steps + sliceFuel.steps, bytes: bytes + sliceFuel.bytes };
}

/** True where nothing is left. What has begun is never cut short by it, so that an automation decides alone whether it fails. */
export function isSpent(use: FuelUse, fuel: Readonly<FuelUse>): boolean {
  return use.steps >= fuel.steps || use.bytes >= fuel.bytes;
}
