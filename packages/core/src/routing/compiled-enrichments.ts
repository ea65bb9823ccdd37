import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { matchesPattern } from '../event/matches-pattern.ts';

/** A tenant's enrichments. */
export interface CompiledEnrichments {
  /** Those that look at events of a type before they are routed, in order of their names. */
  liveEnrichmentsFor(type: string): readonly Row<'enrichment'>[];
}

/** Most event types whose enrichments are remembered; beyond it they are worked out each time. */
const rememberedTypes = 1_000;

const none: readonly never[] = [];

/** Finds out which enrichments look at which events. */
export function compiledEnrichments({ rows }: Pick<TenantConfiguration, 'rows'>): CompiledEnrichments {
  const live = (rows.enrichment ?? []).filter(({ value }) => value.live).sort(byName);
  if (live.length === 0) return { liveEnrichmentsFor: () => none };
  const known = new Map<string, readonly Row<'enrichment'>[]>();
  return {
    liveEnrichmentsFor(type) {
      const remembered = known.get(type);
      if (remembered) return remembered;
      const matching = live.filter((row) => wantsType(row, type));
      if (known.size < rememberedTypes) known.set(type, matching);
      return matching;
    },
  };
}

/** Does an enrichment look at events of this type? */
export const wantsType = ({ value }: Row<'enrichment'>, type: string): boolean =>
  value.events.some((pattern) => matchesPattern(pattern, type));

const byName = (left: { readonly name: string }, right: { readonly name: string }): number => (left.name < right.name ? -1 : 1);
