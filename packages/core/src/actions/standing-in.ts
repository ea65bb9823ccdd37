import type { Row } from '../contracts/configuration-store.ts';

/**
 * A connection as work of this major of its connector finds it: as it is, or, where it has been moved to another major since, as it was in this one.
 * `null` where nobody knows any more how that was: nothing may act then, least of all by another major.
 */
export function standingIn(row: Row<'connection'>, major: number): Row<'connection'> | null {
  const { major: pinned = major, movedFrom = {}, confinedTo: _, ...value } = row.value;
  if (pinned === major) return row;
  const left = movedFrom[major];
  if (left === undefined) return null;
  const { by: _by, ...before } = left;
  return { ...row, value: { ...value, major, ...before } };
}
