import { formatPath, type Path } from '../../expression/path.ts';
import { readSegment } from '../../expression/read-path.ts';

/** Paths that many rules read: each step of each is one place, so that what two paths have in common is read once. */
export interface SharedPaths {
  /** The place of a path; the same path has the same place. Places are never taken away. */
  placeOf(path: Path): number;
  /** Reads places of one subject, each once. */
  reader(subject: unknown): (place: number) => unknown;
}

const unread = Symbol('unread');

/** No paths yet. The subject itself has place 0. */
export function sharedPaths(): SharedPaths {
  const places = new Map<string, number>([['', 0]]);
  const parents: number[] = [-1];
  const segments: (string | number)[] = [''];

  const placeOf = (path: Path): number => {
    if (path.length === 0) return 0;
    const text = formatPath(path);
    const known = places.get(text);
    if (known !== undefined) return known;
    const parent = placeOf(path.slice(0, -1));
    const place = parents.length;
    parents.push(parent);
    segments.push(path.at(-1) ?? '');
    places.set(text, place);
    return place;
  };

  return {
    placeOf,
    reader(subject) {
      const values: unknown[] = new Array(parents.length).fill(unread);
      values[0] = subject;
      const read = (place: number): unknown => {
        const known = values[place];
        if (known !== unread) return known;
        const container = read(parents[place] ?? 0);
        const value = container === undefined || container === null ? undefined : readSegment(container, segments[place] ?? '');
        values[place] = value;
        return value;
      };
      return read;
    },
  };
}
