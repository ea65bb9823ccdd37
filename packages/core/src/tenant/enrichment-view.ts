import type { Row } from '../contracts/configuration-store.ts';
import { isUuid } from '../id/is-uuid.ts';
import { isName } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** An enrichment as stored. */
export interface EventEnrichment {
  readonly id: string;
  readonly name: string;
  /** `{connector}.{enricher}`. */
  readonly enricher: string;
  /** Id of the connection that it asks through. */
  readonly connection: string;
  /** Patterns of the types of events that it looks at. */
  readonly events: readonly string[];
  /** It looks at events before they are routed; otherwise only `run` has it look. */
  readonly live: boolean;
  /** Milliseconds that an event waits for it. */
  readonly budgetMs: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The host's view of a stored enrichment. */
export function viewEnrichment({ id, name, value }: Pick<Row<'enrichment'>, 'id' | 'name' | 'value'>): EventEnrichment {
  return { id, name, ...value };
}

/** The enrichment of a name or an id. Throws `not_found`. */
export async function enrichmentRow(scope: TenantScope, reference: string): Promise<Row<'enrichment'>> {
  await scope.ready();
  const { configuration } = scope.storage;
  const row = isUuid(reference)
    ? await configuration.get(scope.tenant, 'enrichment', reference)
    : isName(reference)
      ? await configuration.find(scope.tenant, 'enrichment', reference)
      : null;
  if (!row) throw notFound('enrichment');
  return row;
}
