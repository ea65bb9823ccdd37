import type { SchemaInput } from '../connector/schema.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { PublishResult } from '../events/create-publisher.ts';
import { isUuid } from '../id/is-uuid.ts';
import { isReference } from './check-text.ts';
import { checkWindow, eventsWithin, type TimeWindow } from './check-window.ts';
import { type EventExplanation, type ExplainOptions, explainEvent } from './explain-event.ts';
import { notFound } from './not-found.ts';
import { type PublishOptionsOf, publishEvent } from './publish-event.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { replayEvent } from './replay-event.ts';
import { replayMany } from './replay-many.ts';
import type { ReplayManyRequest } from './replay-many-request.ts';
import type { ReplayResult } from './replay-result.ts';
import type { ReplayManyResult } from './replay-tally.ts';
import { type StoredEvent, toStoredEvent } from './stored-event.ts';
import type { TenantScope } from './tenant-services.ts';
import type { HostEvents } from './typed-automation.ts';

/** What is replayed, and whether a repeated call is the same. */
export interface ReplayRequest {
  /** Also targets that have succeeded or are under way. @default false */
  readonly all?: boolean;
  /**
   * The same key on the same event is the same replay: a call that is repeated because its answer was lost starts nothing twice and answers
   * what the first one started. Without a key every call is a replay of its own. @default none
   */
  readonly idempotencyKey?: string;
}

/** A tenant's events, whatever types the host has. */
export interface AnyEventsApi<Transaction = never> {
  /**
   * Publishes one of the host's own events; it is routed like any other. Resolves after the commit; with `transaction`, once it is written
   * in the host's own.
   */
  publish(type: string, data: unknown, options?: PublishOptionsOf<Transaction>): Promise<PublishResult>;
  get(id: string): Promise<StoredEvent>;
  /** Newest first; of one type, and stored in a window of time. */
  list(filter?: { readonly type?: string } & TimeWindow & ListOptions): Promise<Page<StoredEvent>>;
  /** What matched, what did not, and why: of all automations that start on the event's type, or of one, whatever it starts on. */
  explain(id: string, options?: ExplainOptions): Promise<EventExplanation>;
  /** New runs and calls under the same event, with new keys; by default only of targets that have not succeeded. */
  replay(id: string, request?: ReplayRequest): Promise<ReplayResult>;
  /**
   * Replays many events, by id or by query, of all targets, one automation or one subscriber. Capped, with a dry run, behind live work, and
   * each event once however often the call is repeated with its key.
   */
  replayMany(request: ReplayManyRequest): Promise<ReplayManyResult>;
}

/** A tenant's events, with the types that the host has declared. */
export interface EventsApi<E extends HostEvents, Transaction = never> extends AnyEventsApi<Transaction> {
  publish<Type extends Exclude<keyof E & string, `record.${string}`>>(
    type: Type,
    data: SchemaInput<E[Type]>,
    options?: PublishOptionsOf<Transaction>,
  ): Promise<PublishResult>;
}

/** The events part of a handle; of any hub (`never`), one that takes any type. */
export type EventsOf<E extends HostEvents, Transaction = never> = string extends keyof E
  ? AnyEventsApi<Transaction>
  : EventsApi<E, Transaction>;

/** The events part of a tenant's handle. */
export function eventsApi(scope: TenantScope): AnyEventsApi<unknown> {
  const { tenant, storage } = scope;
  return {
    publish: (type, data, options = {}) => publishEvent(scope, type, data, options),
    get: async (id) => toStoredEvent(await eventRecord(scope, id)),
    async list(filter = {}) {
      await scope.ready();
      const { type } = filter;
      const request = pageRequest(filter);
      checkWindow(filter);
      if (type !== undefined && !isReference(type)) return { items: [], cursor: null };
      const found = await storage.history.events(tenant, { ...(type === undefined ? {} : { type }), ...eventsWithin(filter) }, request);
      return { items: found.items.map(toStoredEvent), cursor: found.cursor };
    },
    explain: async (id, options = {}) => explainEvent(scope, await eventRecord(scope, id), options),
    async replay(id, { all = false, idempotencyKey } = {}) {
      const options = { all, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
      const record = await eventRecord(scope, id);
      await recordAct(scope, { action: 'event.replay', object: { type: 'event', id }, correlation: id, details: { all } });
      return (await replayEvent(scope, record, options)).result;
    },
    replayMany: (request) => replayMany(scope, request),
  };
}

async function eventRecord(scope: TenantScope, id: string): Promise<EventRecord> {
  await scope.ready();
  const record = isUuid(id) ? await scope.storage.history.event(scope.tenant, id) : null;
  if (!record) throw notFound('event');
  return record;
}
