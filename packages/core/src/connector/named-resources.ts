import { isJsonObject } from '../json/is-json-object.ts';
import { canonicalResource, wholeOf } from './canonical-resource.ts';
import type { ResourceField, ResourceKind, ResourceUse } from './resource-kind.ts';

/**
 * What is touched of a kind: names in their one writing; `untouched`: none, by the connector's word; `unknown`: it cannot be told, or could be
 * any.
 */
export type NamedResources = readonly [string, ...string[]] | 'untouched' | 'unknown';

/** What an input or a payload names of a kind. A value that is there and is no name makes the whole unknown. */
export function namedResources(kind: ResourceKind, use: ResourceUse | undefined, value: unknown): NamedResources {
  if (use === 'untouched') return use;
  if (use === undefined || use === 'any') return 'unknown';
  const names = use.flatMap((field) => namesIn(kind, field, value));
  const [first, ...others] = names.filter((name) => name !== undefined);
  return first === undefined || names.includes(undefined) ? 'unknown' : [first, ...others];
}

/** The names in one place; `undefined` for each that is none. */
function namesIn(kind: ResourceKind, { fields, within }: ResourceField, value: unknown): readonly (string | undefined)[] {
  const parts = fields.map((field) => valueAt(value, field));
  if (parts.every((part) => part === undefined || part === null)) return [];
  const [only] = parts;
  if (parts.length > 1) return [nameOfParts(kind, parts)];
  // Many services take an empty list for all.
  if (Array.isArray(only) && only.length === 0) return [undefined];
  return (Array.isArray(only) ? only : [only]).map((each: unknown) => nameWithin(kind, within, each));
}

/** The name that a value holds. */
export function nameWithin(kind: ResourceKind, within: string | undefined, value: unknown): string | undefined {
  if (within === undefined) return canonicalResource(kind, value);
  return typeof value === 'string' ? canonicalResource(kind, wholeOf(within).exec(value)?.[1]) : undefined;
}

/** A name in parts. A part that holds the separator itself could be read as two. */
export function nameOfParts(kind: ResourceKind, parts: readonly unknown[]): string | undefined {
  const { separator = '/' } = kind;
  const isPart = (part: unknown): boolean => typeof part === 'string' && part !== '' && !part.includes(separator);
  return parts.every(isPart) ? canonicalResource(kind, parts.join(separator)) : undefined;
}

function valueAt(value: unknown, field: string): unknown {
  let found: unknown = value;
  for (const name of field.split('.')) {
    if (!isJsonObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}
