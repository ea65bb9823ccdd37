import { systemActor } from '../audit/actors.ts';
import { runWithin } from '../bounds/run-within.ts';
import type { PinnedConnection } from '../connector/connector-catalogue.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { connectorValues } from '../connector/connector-values.ts';
import type { EnricherDefinition } from '../connector/enricher-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Enrichment, HubEvent } from '../event/hub-event.ts';
import { eventData } from '../events/event-data.ts';
import type { Json } from '../json/json.ts';
import { createScope } from './create-scope.ts';
import { notFound } from './not-found.ts';
import { openConnection } from './open-connection.ts';
import { storedChoices } from './stored-choices.ts';
import type { TenantScope, TenantServices } from './tenant-services.ts';

/** Longest that one enricher tells, bytes of JSON. */
const longestAnswer = 65_536;

/** Asks enrichers about an event, side by side, each through its own connection and within its own time. Never throws: what failed is told as such. */
export async function runEnrichers(
  services: TenantServices,
  event: HubEvent,
  enrichments: readonly Row<'enrichment'>[],
): Promise<Readonly<Record<string, Enrichment>>> {
  const scope = createScope(services, event.tenant, { actor: systemActor });
  const found = await Promise.all(
    enrichments.map(async (row): Promise<[string, Enrichment]> => [row.name, await runEnricher(scope, event, row)]),
  );
  return Object.fromEntries(found);
}

/** What one enricher tells of an event, attributed. */
export async function runEnricher(scope: TenantScope, event: HubEvent, { value }: Row<'enrichment'>): Promise<Enrichment> {
  const { enricher, connection, budgetMs } = value;
  const source = (): Pick<Enrichment, 'enricher' | 'connection' | 'at'> => ({
    enricher,
    connection,
    at: new Date(scope.clock.now()).toISOString(),
  });
  try {
    const data = await withinBudget(scope, { enricher, budgetMs }, (signal) => ask(scope, event, { value, signal }));
    return { status: 'found', data, error: null, ...source() };
  } catch (error) {
    const { code, message } = toErrorRecord(error);
    return { status: 'failed', data: null, error: { code, message }, ...source() };
  }
}

/** Code that takes no notice of its signal is not waited for. */
async function withinBudget(
  { clock }: TenantScope,
  { enricher, budgetMs }: { readonly enricher: string; readonly budgetMs: number },
  call: (signal: AbortSignal) => Promise<Json>,
): Promise<Json> {
  const over = Promise.withResolvers<never>();
  const timer = clock.setTimer(() => over.reject(tooLong(enricher, budgetMs)), budgetMs);
  const bounds = { clock, timeoutMs: budgetMs, signal: new AbortController().signal, what: `The enricher ${enricher}` };
  try {
    return await Promise.race([runWithin(bounds, call), over.promise]);
  } finally {
    timer.cancel();
  }
}

async function ask(
  scope: TenantScope,
  event: HubEvent,
  { value, signal }: { readonly value: Row<'enrichment'>['value']; readonly signal: AbortSignal },
): Promise<Json> {
  const row = await scope.storage.configuration.get(scope.tenant, 'connection', value.connection);
  if (row === null) throw notFound('connection');
  const { connector, enricher } = requireEnricher(scope, value.enricher, row.value);
  requireUnconfined(row, value.enricher);
  const values = connectorValues(connector.definition, await storedChoices(scope, connector.definition));
  const { budgetMs: timeoutMs } = value;
  const session = await openConnection(scope, row, { author: 'connector', signal, timeoutMs, mayRetry: false });
  // Others are asked about the same event at the same time: each has a copy.
  const told = await enricher.run({ event: structuredClone(event), http: session.http, settings: session.settings, signal, ...values });
  const { bytes, data } = eventData(told ?? null, `What ${value.enricher} tells`);
  if (bytes.byteLength <= longestAnswer) return data;
  throw new PatchbayError({
    code: 'response_too_large',
    message: `${value.enricher} tells more than 64 KiB of one event. Report it to its author.`,
  });
}

/** An enricher does not say what it touches, so one that goes through a confined connection might touch anything. */
function requireUnconfined({ value }: Row<'connection'>, enricher: string): void {
  if (value.confinedTo === undefined) return;
  throw new PatchbayError({
    code: 'resource_refused',
    message: `The connection is confined, and ${enricher} does not say what it reads, so nothing was sent. Use a connection that is not.`,
    sent: 'no',
  });
}

/** The enricher of a full name, `github.deployments`, as the connection's major has it. Throws `not_found` naming those that there are. */
export function requireEnricher(
  { registry }: Pick<TenantScope, 'registry'>,
  name: string,
  connection?: PinnedConnection,
): { readonly connector: Connector; readonly enricher: EnricherDefinition } {
  const [id = '', own = ''] = String(name).split('.', 2);
  const connector = connection?.connector === id ? registry.findFor(connection) : registry.find(id);
  const enrichers = connector?.definition.enrichers ?? {};
  const enricher = Object.hasOwn(enrichers, own) ? enrichers[own] : undefined;
  if (connector && enricher) return { connector, enricher };
  const known = registry.list().flatMap(({ id: of, definition }) => Object.keys(definition.enrichers ?? {}).map((each) => `${of}.${each}`));
  throw new PatchbayError({
    code: 'not_found',
    message: `There is no enricher ${String(name).slice(0, 200)}. There ${known.length === 0 ? 'are none' : `are ${known.slice(0, 30).join(', ')}`}.`,
  });
}

function tooLong(enricher: string, budgetMs: number): PatchbayError {
  return new PatchbayError({ code: 'timeout', message: `The enricher ${enricher} took longer than its ${budgetMs} ms.`, retryable: true });
}
