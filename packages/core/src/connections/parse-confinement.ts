import { canonicalResource } from '../connector/canonical-resource.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Confinement } from '../connector/leaves-confinement.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Most names of one kind. */
const mostNames = 1_000;

/**
 * What a host confines a connection to, in the one writing of each name, sorted. Throws `invalid_argument` for a kind that the connector does not
 * declare, what is no list, and a name that its kind does not allow.
 */
export function parseConfinement({ id, definition }: Pick<Connector, 'id' | 'definition'>, confinedTo: Confinement): Confinement {
  if (typeof confinedTo !== 'object' || confinedTo === null || Array.isArray(confinedTo))
    throw invalid('confinedTo is no object of lists, such as { repository: [ … ] }. Pass null for a connection that is not confined.');
  const { resources: kinds = {} } = definition;
  const entries = Object.entries(confinedTo).map(([name, names]) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind)
      throw invalid(`The connector ${id} has no resources of the kind ${name.slice(0, 64)}. It has: ${listed(Object.keys(kinds))}.`);
    if (!Array.isArray(names) || names.length > mostNames)
      throw invalid(`The ${name} names are not a list of at most ${mostNames}. An empty list allows none.`);
    return [name, [...new Set(names.map((each) => nameOf(canonicalResource(kind, each), name, kind.example)))].sort()] as const;
  });
  if (entries.length === 0) throw invalid('confinedTo names no kind of resource. Pass null for a connection that is not confined.');
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function nameOf(name: string | undefined, kind: string, example: string): string {
  if (name !== undefined) return name;
  throw invalid(`A ${kind} name is not written as this kind is, ${example}. Correct it.`);
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
