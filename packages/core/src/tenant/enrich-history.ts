import type { Row } from '../contracts/configuration-store.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { encodeAdditions, eventAdditions } from '../events/event-additions.ts';
import { wantsType } from '../routing/compiled-enrichments.ts';
import { type BulkRequest, checkBulk } from './bulk-request.ts';
import { eventsWithin } from './check-window.ts';
import { runEnricher } from './run-enrichers.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a call has come to. */
export interface EnrichmentTally {
  /** Events of its types that were looked at. */
  readonly seen: number;
  /** Those that have what it finds already. */
  readonly skipped: number;
  /** Those that it has found something for; in a dry run, those that it would be asked about. */
  readonly enriched: number;
  /** Those that it could not tell anything of; the next call asks again. */
  readonly failed: number;
}

/** A call over history, which goes on behind its cursor. */
export interface EnrichmentRun extends EnrichmentTally {
  /** `null` at the end. */
  readonly cursor: string | null;
}

/** Over which events. */
export type EnrichHistoryRequest = Omit<BulkRequest<EnrichmentTally>, 'idempotencyKey'>;

/** Events of one page. */
const pageSize = 50;

/** Questions at once. */
const atOnce = 5;

/** Asks an enricher about events that are stored, the oldest first, and stores what it finds beside them. What it has found before is not asked for again. */
export async function enrichHistory(scope: TenantScope, row: Row<'enrichment'>, request: EnrichHistoryRequest): Promise<EnrichmentRun> {
  const { limit, cursor: first, dryRun } = checkBulk(request);
  const { tenant, storage } = scope;
  const tally = { seen: 0, skipped: 0, enriched: 0, failed: 0 };
  let cursor = first;
  for (;;) {
    const left = limit - tally.enriched - tally.failed;
    if (left <= 0 || request.signal?.aborted) return { ...tally, cursor };
    const asked = { cursor, limit: Math.min(pageSize, left), order: 'oldest' as const };
    const page = await storage.history.events(tenant, eventsWithin(request), asked);
    const wanted = page.items.filter(({ type }) => wantsType(row, type));
    const missing = wanted.filter((event) => eventAdditions(event).enrichment?.[row.name]?.status !== 'found');
    tally.seen += wanted.length;
    tally.skipped += wanted.length - missing.length;
    for (let start = 0; start < missing.length; start += atOnce) {
      const part = missing.slice(start, start + atOnce);
      const found = dryRun ? part.map(() => true) : await Promise.all(part.map((event) => enrichOne(scope, row, event)));
      tally.enriched += found.filter(Boolean).length;
      tally.failed += found.filter((each) => !each).length;
    }
    cursor = page.cursor;
    request.onProgress?.({ ...tally });
    if (cursor === null) return { ...tally, cursor };
  }
}

/** True where it found something. Where somebody else adds to the event at the same time, what they have stored is kept. */
async function enrichOne(scope: TenantScope, row: Row<'enrichment'>, given: EventRecord): Promise<boolean> {
  const { tenant, storage } = scope;
  const found = await runEnricher(scope, toHubEvent(given, decodePayload(given.data)), row);
  let event: EventRecord | null = given;
  for (let tries = 0; tries < 3 && event !== null; tries += 1) {
    const before = eventAdditions(event);
    const additions = encodeAdditions({ ...before, enrichment: { ...before.enrichment, [row.name]: found } });
    const [verdict] = await storage.addToEvents([{ tenant, root: event.id, expect: event.additions ?? null, additions }]);
    if (verdict?.status === 'written') return found.status === 'found';
    event = await storage.history.event(tenant, event.id);
  }
  return false;
}
