import type { Json } from '../json/json.ts';

/** An object that a mapping builds. */
export type Target = Record<string, Json>;

/**
 * Writes a value at the end of a path of names, making the objects on the way. Only objects of its own are entered: a member that the object inherits, such as
 * `toString`, is made anew. No path has a name that leads to a prototype: {@link compileTargets} refuses it.
 */
export function writeTarget(target: Target, path: readonly string[], value: Json): void {
  let place = target;
  for (const name of path.slice(0, -1)) {
    const inner = Object.hasOwn(place, name) ? place[name] : undefined;
    // Two fields never write into one another, so what stands here is an object that this function made.
    const next: Target = isTarget(inner) ? inner : {};
    if (next !== inner) place[name] = next;
    place = next;
  }
  const last = path.at(-1);
  if (last !== undefined) place[last] = value;
}

function isTarget(value: Json | undefined): value is Target {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
