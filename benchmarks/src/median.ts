/** The middle value, or the mean of the two middle ones. Throws a RangeError when there is no value or one is not a finite number. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('The median of no values does not exist. Measure at least once.');
  if (!values.every(Number.isFinite)) throw new RangeError(`A measured value is not a finite number: ${values.join(', ')}.`);
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('The median lies outside the values.');
  return (lower + upper) / 2;
}
