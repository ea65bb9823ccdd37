import { didYouMean } from '../json/did-you-mean.ts';
import type { Path } from './path.ts';
import { formatPath } from './path.ts';
import { itemOfShape, memberOfShape, type Shape } from './shape.ts';

/** Shapes of variables by name. A variable without one is open. */
export type Shapes = ReadonlyMap<string, Shape>;

/** What a path leads to: a shape, nothing known, or why it can never lead anywhere. */
export type CheckedPath = { readonly shape: Shape | undefined } | { readonly reason: string };

/** Most names that a reason lists. */
const mostNames = 12;

/** Follows a path through a shape. `from` is what stands before it, for the reason. */
export function followPath(shape: Shape | undefined, path: Path, from: Path = []): CheckedPath {
  let current = shape;
  for (const [index, segment] of path.entries()) {
    if (current === undefined) return { shape: undefined };
    const step = typeof segment === 'number' ? itemOfShape(current) : memberOfShape(current, segment);
    if (!('missing' in step)) {
      current = step.shape;
      continue;
    }
    const before = formatPath([...from, ...path.slice(0, index)]);
    if (typeof segment === 'number') return { reason: `${before} is no list` };
    // A name of digits also finds a place in a list.
    if (/^\d+$/.test(segment)) return { shape: undefined };
    if (step.names.length === 0) return { reason: `${before} has no members, so no "${shown(segment)}"` };
    const listed = step.names.slice(0, mostNames).join(', ');
    const more = step.names.length > mostNames ? ` and ${step.names.length - mostNames} more` : '';
    return { reason: `${before} has no member "${shown(segment)}"${didYouMean(segment, step.names)}; it has ${listed}${more}` };
  }
  return { shape: current };
}

function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
