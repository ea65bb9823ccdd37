/** Milliseconds after which what was counted of calls weighs half. */
export const callHalfLifeMs = 600_000;

/** Milliseconds after which what was counted for the usual latency weighs half: a day, so that a slow afternoon does not become the measure. */
export const usualHalfLifeMs = 86_400_000;

/** Counts below it say nothing any more, and are dropped from what is stored. */
const nothing = 0.005;

/** What is left of a weight of 1 after so many milliseconds, 0 to 1. Time that runs backwards, as between two machines, takes nothing away. */
export const leftAfter = (elapsedMs: number, halfLifeMs: number): number => 2 ** (-Math.max(0, elapsedMs) / halfLifeMs);

/** Counts as they weigh after so many milliseconds, to the hundredth. */
export function decayed(counts: readonly number[], elapsedMs: number, halfLifeMs: number): readonly number[] {
  const left = leftAfter(elapsedMs, halfLifeMs);
  return counts.map((count) => rounded(count * left));
}

/** Two lists of counts together; the shorter one is taken to go on with zeros. */
export function addedTo(counts: readonly number[], more: readonly number[]): readonly number[] {
  return Array.from({ length: Math.max(counts.length, more.length) }, (_, place) => rounded((counts[place] ?? 0) + (more[place] ?? 0)));
}

const rounded = (count: number): number => (count < nothing ? 0 : Math.round(count * 100) / 100);
