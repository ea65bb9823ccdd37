import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { Storage } from '../contracts/storage.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Enrichment, HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { type EventAdditions, encodeAdditions, eventAdditions } from '../events/event-additions.ts';
import type { Json } from '../json/json.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import { mapEvent, mappingOf } from './map-event.ts';

/** Asks enrichers about an event, each within its time; what failed or took too long is told as such. */
export type Enrich = (event: HubEvent, enrichments: readonly Row<'enrichment'>[]) => Promise<Readonly<Record<string, Enrichment>>>;

/** An event with all that is to be known of it before it is planned. */
export interface CompletedEvent {
  readonly event: EventRecord;
  /** Why its data does not fit its mapping, where that has just been found. */
  readonly error: ErrorRecord | null;
}

/** Maps and enriches events that are stored, and stores what that gave. */
export interface EventCompleter {
  /**
   * Adds what is missing. Of two that do so at once what one has stored holds for both, so that all that follows sees the same. `again` maps an event anew that did
   * not fit. Rejects with `not_found` where the event is kept no more.
   */
  complete(event: EventRecord, options?: { readonly again?: boolean }): Promise<CompletedEvent>;
  /** Will it wait for a service, as far as can be told without looking anything up? */
  mayWait(event: Pick<EventRecord, 'tenant' | 'type'>): boolean;
}

/** What a completer needs. */
export interface CompleterOptions {
  readonly storage: Pick<Storage<unknown>, 'addToEvents' | 'history'>;
  readonly cache: ConfigurationCache;
  readonly compiled: CompiledConfigurations;
  readonly enrich: Enrich;
}

/** Races that are tried again. */
const mostTries = 5;

/** Makes a completer. */
export function createEventCompleter(options: CompleterOptions): EventCompleter {
  const { storage, cache, compiled } = options;
  return {
    mayWait({ tenant, type }) {
      const configuration = cache.peek(tenant);
      return configuration !== undefined && compiled.of(configuration).liveEnrichmentsFor(type).length > 0;
    },
    async complete(given, { again = false } = {}) {
      let event = given;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const made = await missingOf(options, event, again);
        if (made === null) return { event, error: null };
        const additions = encodeAdditions(made.additions);
        const { tenant, id: root } = event;
        const [verdict] = await storage.addToEvents([{ tenant, root, expect: event.additions ?? null, additions }]);
        if (verdict?.status === 'written') return { event: { ...event, additions }, error: made.error };
        const stored = await storage.history.event(tenant, root);
        if (stored === null) throw gone();
        event = stored;
      }
      throw busy();
    },
  };
}

interface Made {
  readonly additions: EventAdditions;
  readonly error: ErrorRecord | null;
}

/** What is to be stored with the event; `null` where nothing is missing. */
async function missingOf({ cache, compiled, enrich }: CompleterOptions, event: EventRecord, again: boolean): Promise<Made | null> {
  const known = compiled.of(await cache.read(event.tenant, { fresh: true }));
  const before = eventAdditions(event);
  const data = decodePayload(event.data);
  const mapping = mapMissing(known, { event, data, before, again });
  if (mapping !== null && mapping.error !== null) return mapping;
  const mapped = mapping?.additions ?? before;
  // What does not fit starts nothing yet, so nobody would see what is found for it.
  if (mapped.mapping?.failed === true) return null;
  const asked = known.liveEnrichmentsFor(event.type).filter(({ name }) => !Object.hasOwn(mapped.enrichment ?? {}, name));
  if (asked.length === 0) return mapping;
  const { additions: _old, ...plain } = event;
  const enriched = { ...plain, additions: encodeAdditions(mapped) };
  const found = await enrich(toHubEvent(enriched, data), asked);
  return { additions: { ...mapped, enrichment: { ...mapped.enrichment, ...found } }, error: null };
}

interface Mapping {
  readonly event: EventRecord;
  readonly data: Json;
  readonly before: EventAdditions;
  readonly again: boolean;
}

function mapMissing(known: Parameters<typeof mappingOf>[0], { event, data, before, again }: Mapping): Made | null {
  const isOver = before.mapping !== undefined && !(again && before.mapping.failed === true);
  const target = isOver ? undefined : mappingOf(known, event);
  const { mapping: _mapping, mapped: _mapped, ...others } = before;
  if (target === undefined) return !isOver && before.mapping !== undefined ? { additions: others, error: null } : null;
  const { mapping, mapped, error } = mapEvent(target, data);
  return { additions: { ...others, ...(mapping && { mapping }), ...(mapped === undefined ? {} : { mapped }) }, error };
}

function gone(): PatchbayError {
  return new PatchbayError({ code: 'not_found', message: 'The event is no longer kept. Keep events longer than their mappings may fail.' });
}

function busy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'What is added to the event is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
