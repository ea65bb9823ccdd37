/** Longest name that is compared, in characters. */
const longest = 64;

/** The known name that is most like one that is not known: at most a third of its letters apart. */
function nearestName(name: string, known: Iterable<string>): string | undefined {
  const sought = name.slice(0, longest).toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(sought.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceBelow(sought, candidate.slice(0, longest).toLowerCase(), least);
    if (distance >= least) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/** A suggestion to stand behind what is wrong: `; did you mean "status"?`, or nothing. */
export function didYouMean(name: unknown, known: Iterable<string>): string {
  const nearest = typeof name === 'string' ? nearestName(name, known) : undefined;
  return nearest === undefined ? '' : `; did you mean "${nearest}"`;
}

/** Letters to insert, delete, replace or swap with their neighbour, or `bound` where it is that or more. */
function distanceBelow(left: string, right: string, bound: number): number {
  if (Math.abs(left.length - right.length) >= bound) return bound;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const steps = [(last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (isSame ? 0 : 1)];
      next.push(Math.min(...steps, isSwapped ? (before[column - 2] ?? 0) + 1 : bound));
    }
    before = last;
    last = next;
  }
  return Math.min(last.at(-1) ?? bound, bound);
}
