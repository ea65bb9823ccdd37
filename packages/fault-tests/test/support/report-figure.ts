/** A figure of an experiment: printed to be read, never asserted. */
export function reportFigure(name: string, figure: string): void {
  console.log(`| ${name} | ${figure} |`);
}

/** The value below which so large a share of the values lies; `null` where there are none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
