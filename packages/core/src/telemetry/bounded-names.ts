/** Under which is counted what there is no room for. */
export const otherName = '_OTHER';

/**
 * Lets the first so many different names through, and calls the others `_OTHER`: a metric holds every combination of its attributes in memory for
 * as long as the process lives.
 */
export function boundedNames(most: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= most) return otherName;
    known.add(name);
    return name;
  };
}
