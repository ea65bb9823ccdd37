import { PatchbayError } from '../errors/patchbay-error.ts';
import { canonicalResource } from './canonical-resource.ts';
import type { ContentSource } from './content-source.ts';
import type { Confinement, ResourceKinds } from './leaves-confinement.ts';
import type { ReadContentPage } from './read-content-page.ts';
import type { ResourceKind } from './resource-kind.ts';

/** What a source is asked to read. */
export interface ContentReach {
  /** In their one writing, sorted; empty: all that it reaches. */
  readonly containers: readonly string[];
  readonly kind: ResourceKind | undefined;
}

/** A source, what the host named of it, and what its connection is confined to. */
export interface ContentWish {
  /** `github.issues`, for the error. */
  readonly what: string;
  readonly source: ContentSource;
  readonly kinds: ResourceKinds | undefined;
  readonly confinedTo: Confinement | undefined;
  readonly containers: readonly string[];
}

/**
 * The containers that are read: those that the host named, as far as the connection may touch them; else those that it may touch. Throws
 * `resource_refused` for one that it may not, for a connection that is confined to other kinds, and `invalid_argument` for what is no name.
 */
export function containersOf({ what, source, kinds = {}, confinedTo, containers }: ContentWish): ContentReach {
  const { resource: id } = source;
  const kind = id !== undefined && Object.hasOwn(kinds, id) ? kinds[id] : undefined;
  const other = Object.keys(confinedTo ?? {}).find((each) => each !== id || !kind);
  if (other !== undefined) throw refused(what, other);
  const named = [...new Set(containers.map((name) => nameOf(kind, name, what)))].sort();
  const allowed = id === undefined ? undefined : confinedTo?.[id];
  const left = named.find((name) => allowed && !allowed.includes(name));
  if (left !== undefined) throw refused(what, id ?? 'container');
  if (allowed && allowed.length === 0) throw refused(what, id ?? 'container');
  const read = named.length === 0 ? [...(allowed ?? [])] : named;
  if (read.length === 0 && source.needsContainers === true)
    throw invalid(`${what} can only be read of ${kind?.title ?? 'container'} names. Name them: { containers: [ … ] }.`);
  return { containers: read, kind };
}

function nameOf(kind: ResourceKind | undefined, name: unknown, what: string): string {
  if (!kind) {
    if (typeof name === 'string' && name !== '' && name.length <= 300) return name;
    throw invalid(`A container of ${what} is a text of 1 to 300 characters.`);
  }
  const canonical = canonicalResource(kind, name);
  if (canonical !== undefined) return canonical;
  throw invalid(`A container of ${what} is not written as its kind is, ${kind.example}. Correct it.`);
}

/**
 * A page whose containers are in their one writing. What lies outside of the containers that were asked for counts as gone: it may have been moved there,
 * and be in the index still.
 */
export function withinContainers(page: ReadContentPage, { containers, kind }: ContentReach): ReadContentPage {
  const documents = page.documents.map((document) =>
    kind && document.container !== null ? { ...document, container: canonicalResource(kind, document.container) ?? null } : document,
  );
  if (containers.length === 0) return { ...page, documents };
  const isWithin = ({ container }: ReadContentPage['documents'][number]): boolean => container !== null && containers.includes(container);
  const outside = documents.filter((document) => !isWithin(document)).map(({ id }) => id);
  return { ...page, documents: documents.filter(isWithin), deleted: [...new Set([...page.deleted, ...outside])] };
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });

// Neither the name that was asked for nor those that are allowed: an operator reads errors.
function refused(what: string, kind: string): PatchbayError {
  return new PatchbayError({
    code: 'resource_refused',
    message: `The content of ${what} does not stay with a ${kind} that the connection is confined to, so nothing is read. Name one of those by its own name, or change confinedTo.`,
    details: { resource: kind },
    sent: 'no',
  });
}
