/** The value that the given share of the values, 0 to 1, does not exceed. Throws a RangeError where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new RangeError('No values have no percentile. Measure at least once.');
  return found;
}
