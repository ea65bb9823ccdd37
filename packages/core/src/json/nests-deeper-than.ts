/**
 * Does a parsed value nest deeper than so many levels? Walks only lists and objects, without recursion. `JSON.parse` itself nests
 * without bound, so the check may follow it; what comes after (schemas, templates) recurses, and must not meet such a value.
 */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  let row: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 1; row.length > 0; depth += 1) {
    if (depth > levels) return true;
    const below: object[] = [];
    for (const container of row) {
      for (const name in container) {
        // Parsed by JSON.parse: every enumerable name is an own one.
        const inner: unknown = container[name as keyof typeof container];
        if (typeof inner === 'object' && inner !== null) below.push(inner);
      }
    }
    row = below;
  }
  return false;
}
