import { parsePath } from '../expression/path.ts';
import type { MappingField } from './mapping-definition.ts';
import { invalidMapping } from './mapping-error.ts';

/** The names on the way to a field's place in the result. Throws `mapping_invalid` for a path that is none, and for one with a name that leads to a prototype. */
export function compileTarget(to: string, place: string): readonly string[] {
  const parsed = parsePath(to);
  if ('reason' in parsed) throw invalidMapping(`${place}.to`, `${parsed.reason}, at offset ${parsed.offset}.`);
  return parsed.path.map((segment) => {
    if (typeof segment === 'string' && !/^\d+$/.test(segment)) return segment;
    throw invalidMapping(`${place}.to`, 'a place in a list cannot be written; map the list as a whole, with `fields` for its items.');
  });
}

/** Throws `mapping_invalid` where a field would write over another one, or into it. */
export function checkApart(fields: readonly { readonly field: MappingField; readonly path: readonly string[] }[], place: string): void {
  const known = new Map<string, string>();
  const textOf = (path: readonly string[]): string => JSON.stringify(path);
  for (const { field, path } of fields) {
    if (known.has(textOf(path))) throw invalidMapping(`${place}${field.to}`, 'another field writes to the same place.');
    known.set(textOf(path), field.to);
  }
  for (const { field, path } of fields)
    for (let length = 1; length < path.length; length += 1) {
      const above = known.get(textOf(path.slice(0, length)));
      if (above !== undefined)
        throw invalidMapping(`${place}${field.to}`, `the field ${above} writes the whole of what this one writes into.`);
    }
}
