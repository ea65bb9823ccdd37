/** Longest state of a run, characters of its JSON text: it is written out again with each outcome. */
export const longestState = 8 * 1_048_576;

/**
 * Is the JSON text of a run's state longer than it may be? Told without writing it: what items of a loop have in common is held once and written for each
 * of them, so that a state of a megabyte can be a text of hundreds.
 */
export function isTooLarge(state: object, longest = longestState): boolean {
  return measured(state, longest) < 0;
}

/** What is left of so many characters; below 0 as soon as they are used up. */
function measured(value: unknown, left: number): number {
  if (typeof value === 'string') return left - value.length - 2;
  if (typeof value !== 'object' || value === null) return left - 5;
  let now = left - 2;
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    now = measured(member, isList ? now - 1 : now - name.length - 4);
    if (now < 0) return now;
  }
  return now;
}
