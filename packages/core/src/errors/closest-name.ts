/** Longest name that is compared, characters. */
const longest = 64;

/** The name that was probably meant: the one that is fewest changes away, and at most a third of its length; `undefined` where none is near. */
export function closestName(given: string, names: Iterable<string>): string | undefined {
  if (given.length > longest) return undefined;
  let closest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (name.length > longest) continue;
    const changes = changesBetween(given.toLowerCase(), name.toLowerCase());
    if (changes < fewest && changes <= Math.max(1, Math.floor(name.length / 3))) [closest, fewest] = [name, changes];
  }
  return closest;
}

/** `; did you mean total?` where a name is near, and what there is besides. */
export function suggestion(given: string, names: readonly string[]): string {
  const closest = closestName(given, names);
  if (closest !== undefined) return `; did you mean ${closest}?`;
  if (names.length === 0) return '; there are none';
  return `; there are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`;
}

/** Characters to put in, take out, replace or swap with their neighbour until one text is the other (optimal string alignment). */
function changesBetween(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const ways = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + same];
      if (swapped && row > 1 && column > 1) ways.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...ways));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
