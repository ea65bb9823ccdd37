import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { canonicalResource } from './canonical-resource.ts';
import type { Confinement, ResourceKinds } from './leaves-confinement.ts';
import { useOf } from './leaves-confinement.ts';
import { namedResources } from './named-resources.ts';
import type { InputOption, OptionSource } from './option-source.ts';
import type { ReadOptionPage } from './read-option-page.ts';

/** A source as a confined connection asks it. */
export interface ConfinedSource {
  /** `github.create_issue: repository`, for the error. */
  readonly what: string;
  readonly kinds: ResourceKinds;
  readonly confinedTo: Confinement | undefined;
  readonly source: OptionSource;
  readonly given: Readonly<Record<string, Json>>;
}

/**
 * Throws `resource_refused` before anything is sent where a confined connection cannot be told to be offered only what it may touch: each kind that it is
 * confined to is named by the needs and allowed, or untouched, or is what the options are.
 */
export function requireOptionResources({ what, kinds, confinedTo, source, given }: ConfinedSource): void {
  for (const [id, allowed] of Object.entries(confinedTo ?? {})) {
    const kind = Object.hasOwn(kinds, id) ? kinds[id] : undefined;
    const names = kind ? namedResources(kind, useOf(source.resources, id), given) : 'unknown';
    if (names === 'untouched') continue;
    if (names === 'unknown' ? kind && source.resource === id : names.every((name) => allowed.includes(name))) continue;
    throw new PatchbayError({
      code: 'resource_refused',
      message: `The options of ${what} do not stay with a ${id} that the connection is confined to, so nothing was asked. Enter the value by hand, or change confinedTo.`,
      details: { resource: id },
      sent: 'no',
    });
  }
}

/** What of a page is offered: what the connection may touch, and, where the source cannot search, what the text stands in. */
export function offeredOptions(
  { kinds, confinedTo, source }: Pick<ConfinedSource, 'kinds' | 'confinedTo' | 'source'>,
  { options }: Pick<ReadOptionPage, 'options'>,
  search: string,
): readonly InputOption[] {
  const { resource: id, searches = false } = source;
  const kind = id !== undefined && Object.hasOwn(kinds, id) ? kinds[id] : undefined;
  const allowed = id !== undefined && confinedTo && Object.hasOwn(confinedTo, id) ? confinedTo[id] : undefined;
  const sought = searches ? '' : search.toLowerCase();
  return options
    .filter(({ value, resource = value }) => {
      if (!allowed) return true;
      const name = kind && canonicalResource(kind, resource);
      return name !== undefined && allowed.includes(name);
    })
    .filter(({ value, label, description = '' }) => [String(value), label, description].some((text) => text.toLowerCase().includes(sought)))
    .map(({ value, label, description }) => ({ value, label, ...(description === undefined ? {} : { description }) }));
}
