import type { RowPage } from '../contracts/configuration-store.ts';
import { type EnrichHistoryRequest, type EnrichmentRun, enrichHistory } from './enrich-history.ts';
import { type EventEnrichment, enrichmentRow, viewEnrichment } from './enrichment-view.ts';
import { deleteEnrichment, type EnrichmentInput, putEnrichment } from './put-enrichment.ts';
import type { TenantScope } from './tenant-services.ts';

/** An enricher that a registered connector offers. */
export interface OfferedEnricher {
  /** `{connector}.{enricher}`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly events: readonly string[];
}

/** What a tenant has connectors tell of its events beside what is in them. A reference is a name or an id. */
export interface EnrichmentsApi {
  /** What can be asked for. */
  available(): readonly OfferedEnricher[];
  /** Makes the enrichment of this name, or brings it up to date. Nothing is asked of any service before. Throws `invalid_argument`, `not_found` for the enricher or the connection. */
  put(name: string, enrichment: EnrichmentInput): Promise<EventEnrichment>;
  get(reference: string): Promise<EventEnrichment>;
  list(): Promise<readonly EventEnrichment[]>;
  /** What it has found stays with its events. */
  delete(reference: string): Promise<void>;
  /**
   * Asks it about events that are stored, in a window of time, the oldest first: those that it has found nothing for yet. Bounded by `limit`, goes on behind the cursor that it answers, and
   * counts with `dryRun`. It starts nothing.
   */
  run(reference: string, over?: EnrichHistoryRequest): Promise<EnrichmentRun>;
}

/** The enrichments part of a tenant's handle. */
export function enrichmentsApi(scope: TenantScope): EnrichmentsApi {
  return Object.freeze({
    available: () => offered(scope),
    put: (name: string, enrichment: EnrichmentInput) => putEnrichment(scope, name, enrichment),
    get: async (reference: string) => viewEnrichment(await enrichmentRow(scope, reference)),
    list: () => listEnrichments(scope),
    delete: (reference: string) => deleteEnrichment(scope, reference),
    run: async (reference: string, over: EnrichHistoryRequest = {}) => enrichHistory(scope, await enrichmentRow(scope, reference), over),
  });
}

function offered({ registry }: TenantScope): readonly OfferedEnricher[] {
  return registry.list().flatMap(({ id, definition }) =>
    Object.entries(definition.enrichers ?? {}).map(([name, { title, description, events }]) => ({
      name: `${id}.${name}`,
      title,
      description,
      events: [...events],
    })),
  );
}

async function listEnrichments(scope: TenantScope): Promise<readonly EventEnrichment[]> {
  await scope.ready();
  const enrichments: EventEnrichment[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'enrichment'> = await scope.storage.configuration.list(scope.tenant, 'enrichment', { cursor, limit: 500 });
    enrichments.push(...page.rows.map(viewEnrichment));
    cursor = page.cursor;
    if (cursor === null) return enrichments;
  }
}
