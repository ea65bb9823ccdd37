import type { NamedResources } from './named-resources.ts';
import type { ResourceKind } from './resource-kind.ts';

/** Names of resources by kind, in their one writing. A kind that is not there is not confined; one without names allows nothing. */
export type Confinement = Readonly<Record<string, readonly string[]>>;

/** The kinds of a connector. */
export type ResourceKinds = Readonly<Record<string, ResourceKind>>;

/**
 * The first kind of which something is touched that the confinement does not name, or cannot be told to name; `undefined` where all is within. A
 * kind that the connector does not declare any more allows nothing.
 */
export function leavesConfinement(
  kinds: ResourceKinds | undefined,
  confinedTo: Confinement | undefined,
  namesOf: (kind: ResourceKind, id: string) => NamedResources,
): string | undefined {
  if (confinedTo === undefined) return undefined;
  for (const [id, allowed] of Object.entries(confinedTo)) {
    const kind = kinds && Object.hasOwn(kinds, id) ? kinds[id] : undefined;
    const names = kind ? namesOf(kind, id) : 'unknown';
    if (names === 'untouched') continue;
    if (names === 'unknown' || !names.every((name) => allowed.includes(name))) return id;
  }
  return undefined;
}

/** What is said of a kind, by its own name alone. */
export function useOf<Use>(uses: Readonly<Record<string, Use>> | undefined, id: string): Use | undefined {
  return uses && Object.hasOwn(uses, id) ? uses[id] : undefined;
}
