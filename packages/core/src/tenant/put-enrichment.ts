import type { EnrichmentRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { suggestion } from '../errors/closest-name.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { isEventPattern } from '../event/matches-pattern.ts';
import { isForbiddenName } from '../expression/forbidden-name.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { connectionRow } from './connection-row.ts';
import { type EventEnrichment, enrichmentRow, viewEnrichment } from './enrichment-view.ts';
import { requireEnricher } from './run-enrichers.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a tenant says of an enrichment. */
export interface EnrichmentInput {
  /** `{connector}.{enricher}`. */
  readonly enricher: string;
  /** Name or id of a connection of that connector. */
  readonly connection: string;
  /** Patterns of event types. @default those that the enricher knows something of */
  readonly events?: readonly string[];
  /** Looks at events before they are routed. @default true */
  readonly live?: boolean;
  /** Milliseconds that an event waits for it at most, 50 to 10,000. @default 2000 */
  readonly budgetMs?: number;
}

/** Enrichments of one tenant. */
const mostEnrichments = 50;

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Makes the enrichment of this name, or brings it up to date; the same input changes nothing. */
export async function putEnrichment(scope: TenantScope, name: string, input: EnrichmentInput): Promise<EventEnrichment> {
  const { tenant, storage, cache, configuration, generateId, clock } = scope;
  await scope.ready();
  checkName(name);
  const wanted = await read(scope, input);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const { revision, rows } = await storage.configuration.snapshot(tenant, ['enrichment']);
    const existing = rows.enrichment?.find((row) => row.name === name);
    const createdAt = existing?.value.createdAt ?? Math.floor(clock.now());
    const value = { ...wanted, createdAt };
    if (existing && canonicalJson(existing.value) === canonicalJson(value)) return viewEnrichment(existing);
    if (!existing && (rows.enrichment?.length ?? 0) >= mostEnrichments)
      throw invalid(`There are ${mostEnrichments} enrichments already. Delete one.`);
    const id = existing?.id ?? generateId();
    const change = { put: 'enrichment', id, name, expect: existing?.version ?? 'absent', value } as const;
    const verdict = await configuration.write(tenant, [change], { revision: revision.tenant });
    cache.forget(tenant);
    if (verdict.status === 'written') return viewEnrichment({ id, name, value });
  }
  throw busy();
}

/** Deletes an enrichment. What it has found stays with its events. */
export async function deleteEnrichment(scope: TenantScope, reference: string): Promise<void> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await enrichmentRow(scope, reference);
    const verdict = await scope.configuration.write(scope.tenant, [{ delete: 'enrichment', id: row.id, expect: row.version }]);
    scope.cache.forget(scope.tenant);
    if (verdict.status === 'written') return;
  }
  throw busy();
}

/** What an enrichment may say. */
const members: readonly string[] = ['enricher', 'connection', 'events', 'live', 'budgetMs'] satisfies readonly (keyof EnrichmentInput)[];

async function read(scope: TenantScope, input: EnrichmentInput): Promise<Omit<EnrichmentRecord, 'createdAt'>> {
  const unknown = Object.keys(input).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`An enrichment has no ${unknown.slice(0, 64)}${suggestion(unknown, members)}`);
  const { connector, enricher } = requireEnricher(scope, input.enricher);
  const { events = enricher.events, live = true, budgetMs = 2_000 } = input;
  if (
    !Array.isArray(events) ||
    events.length === 0 ||
    events.length > 50 ||
    !events.every((each) => typeof each === 'string' && isEventPattern(each))
  )
    throw invalid('The events of an enrichment are 1 to 50 patterns of types, such as github.issue.*.');
  if (typeof live !== 'boolean') throw invalid('live is true or false.');
  if (!Number.isInteger(budgetMs) || budgetMs < 50 || budgetMs > 10_000) throw invalid('budgetMs is a whole number from 50 to 10,000.');
  const { connection } = input;
  const reference =
    typeof connection !== 'string' || connection.includes('/') || isUuid(connection) ? connection : `${connector.id}/${connection}`;
  const row = await connectionOf(scope, reference, connector.id);
  if (row.value.connector !== connector.id)
    throw invalid(`The connection is one of ${row.value.connector}, and ${input.enricher} needs one of ${connector.id}.`);
  return { enricher: input.enricher, connection: row.id, events: [...events], live, budgetMs };
}

/** The connection, or an error that says which one is not there. */
async function connectionOf(scope: TenantScope, reference: string, connector: string): Promise<Row<'connection'>> {
  try {
    return await connectionRow(scope, reference);
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'not_found') throw error;
    const message = `The enrichment asks through ${String(reference).slice(0, 200)}, and there is no such connection of ${connector}. Put it first.`;
    throw new PatchbayError({ code: 'not_found', message, cause: error });
  }
}

/** It is read as `event.enrichment.{name}`. */
function checkName(name: string): void {
  const isPlain = typeof name === 'string' && name.length <= 64 && /^[A-Za-z_]\w*$/.test(name) && !isForbiddenName(name);
  if (!isPlain)
    throw invalid(
      "An enrichment's name is 1 to 64 letters, digits and underscores, not beginning with a digit: formulas read event.enrichment.{name}.",
    );
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}

function busy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The enrichment is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
