import type { Path } from './path.ts';
import { readItem, readOwnMember } from './read-member.ts';

/** Reads a path of {@link parsePath}, which holds no forbidden name, by own members only; undefined where any step of it is absent. A name of digits also finds a place in a list. */
export function readPath(subject: unknown, path: Path): unknown {
  let value = subject;
  for (const segment of path) {
    if (value === undefined || value === null) return undefined;
    value = readSegment(value, segment);
  }
  return value;
}

/** One step of {@link readPath}, into a container that is there. */
export function readSegment(container: unknown, segment: string | number): unknown {
  if (typeof segment === 'number') return readItem(container, segment);
  if (Array.isArray(container)) return /^\d{1,9}$/.test(segment) ? readItem(container, Number(segment)) : undefined;
  return readOwnMember(container, segment);
}
