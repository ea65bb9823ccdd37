import { type NamedResources, nameOfParts, nameWithin } from './named-resources.ts';
import type { ResourceKind, ResourcePath } from './resource-kind.ts';

/** A request of the host's own, below the connector's base path. */
export interface PathRequest {
  readonly method: string;
  /** Encoded, without a query. */
  readonly path: string;
}

/** What a request names of a kind by its path. A path that the connector does not declare, or that others could read otherwise, could be any. */
export function resourcesOfPath(kind: ResourceKind, { method, path }: PathRequest): NamedResources {
  const segments = path.split('/').slice(1);
  const rules = (kind.paths ?? []).filter(({ methods }) => methods === undefined || methods.some((each) => each === method));
  const parts = rules.map((rule) => ({ rule, values: valuesBy(rule, segments) })).filter(({ values }) => values !== null);
  if (parts.length === 0 || segments.some((segment) => decoded(segment) === undefined)) return 'unknown';
  const named = parts.filter(({ values }) => values?.length !== 0).map(({ rule, values }) => nameBy(kind, rule, values ?? []));
  if (named.length === 0) return 'untouched';
  const [first, ...others] = named.filter((name) => name !== undefined);
  return first === undefined || named.includes(undefined) ? 'unknown' : [first, ...others];
}

function nameBy(kind: ResourceKind, { within }: ResourcePath, values: readonly string[]): string | undefined {
  return values.length > 1 ? nameOfParts(kind, values) : nameWithin(kind, within, values[0]);
}

/** What stands where the rule has `{}`; `null` where the path is another one. */
function valuesBy({ path }: ResourcePath, segments: readonly string[]): readonly string[] | null {
  const wanted = path.split('/').slice(1);
  const isOpen = wanted.at(-1) === '**';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  // Any rest is a rest: the path above it has a rule of its own, or none.
  if (isOpen ? segments.length <= fixed.length : segments.length !== fixed.length) return null;
  const values: string[] = [];
  for (const [index, part] of fixed.entries()) {
    const segment = segments[index] ?? '';
    if (part === '{}') values.push(decoded(segment) ?? '');
    else if (part === '*' ? segment === '' : part !== segment) return null;
  }
  return values;
}

/** A segment as the service reads it; `undefined` for one that is empty, cannot be read, or climbs once it is decoded, however often. */
function decoded(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    return text === '' || climbs(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

// Some servers decode more than once before they route: what could climb then is looked at as if it did.
const climbing = /^(?:\.|%(?:25)*2e){1,2}$/i;
const betweenSegments = /[\\/]|%(?:25)*(?:2f|5c)/i;
/** Servers of Java take `..;x=1` for `..`. */
const parameters = /(?:;|%(?:25)*3b).*$/is;

function climbs(text: string): boolean {
  return text.split(betweenSegments).some((part) => climbing.test(part.replace(parameters, '')));
}
