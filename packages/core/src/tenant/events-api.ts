import { parseWith } from '../connector/parse-with.ts';
import type { SchemaInput } from '../connector/schema.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import type { PublishResult } from '../events/create-publisher.ts';
import { hashJson } from '../events/hash-json.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { Json } from '../json/json.ts';
import { type EventExplanation, explainEvent } from './explain-event.ts';
import { notFound } from './not-found.ts';
import { type Page, type PageOptions, pageRequest } from './read-cursor.ts';
import { type ReplayResult, replayEvent } from './replay-event.ts';
import { type StoredEvent, toStoredEvent } from './stored-event.ts';
import type { TenantScope } from './tenant-services.ts';
import type { HostEvents } from './typed-automation.ts';

/** How to publish. */
export interface PublishOptions {
  /** The same key with the same data is the same event, for 30 days; with other data it is a `conflict`. @default none */
  readonly dedupeKey?: string;
  readonly subject?: string;
  /** When it happened, milliseconds since 1970. @default now */
  readonly time?: number;
  /** Id of the event that caused this one. */
  readonly causation?: string;
}

/** A tenant's events. */
export interface EventsApi<E extends HostEvents> {
  /** Publishes one of the host's own events; it is routed like any other. Resolves after the commit. */
  publish<Type extends keyof E & string>(type: Type, data: SchemaInput<E[Type]>, options?: PublishOptions): Promise<PublishResult>;
  get(id: string): Promise<StoredEvent>;
  /** Newest first. */
  list(filter?: { readonly type?: string } & PageOptions): Promise<Page<StoredEvent>>;
  /** What matched, what did not, and why. */
  explain(id: string): Promise<EventExplanation>;
  /** New runs under the same event, with new keys; by default only of targets that have not succeeded. */
  replay(id: string, options?: { readonly all?: boolean }): Promise<ReplayResult>;
}

/** The events part of a tenant's handle. */
export function eventsApi<E extends HostEvents>(scope: TenantScope): EventsApi<E> {
  const { tenant, storage } = scope;
  const read = async (id: string) => {
    await scope.ready();
    const record = isUuid(id) ? await storage.history.event(tenant, id) : null;
    if (!record) throw notFound('event');
    return record;
  };
  return {
    publish: (type, data, options = {}) => publish(scope, type, data, options),
    get: async (id) => toStoredEvent(await read(id)),
    async list({ type, ...page } = {}) {
      await scope.ready();
      const found = await storage.history.events(tenant, type === undefined ? {} : { type }, pageRequest(page));
      return { items: found.items.map(toStoredEvent), cursor: found.cursor };
    },
    explain: async (id) => explainEvent(scope, await read(id)),
    replay: async (id, { all = false } = {}) => replayEvent(scope, await read(id), { all }),
  };
}

async function publish(scope: TenantScope, type: string, data: unknown, options: PublishOptions): Promise<PublishResult> {
  const { tenant, hostEvents, publisher, generateId, clock } = scope;
  await scope.ready();
  const schema = Object.hasOwn(hostEvents, type) ? hostEvents[type] : undefined;
  if (!schema)
    throw new PatchbayError({
      code: 'invalid_event',
      message: `The event type ${type} is not declared. Declare it in createHub({ events }).`,
    });
  const parsed: unknown = await parseWith(schema, data, {
    code: 'invalid_event',
    what: `The data of ${type}`,
    advice: 'Nothing was published. Correct the data.',
  });
  const text = JSON.stringify(parsed);
  // What goes on is what the text says, so that automations see the same now and in a replay.
  const value = JSON.parse(text) as Json;
  const { dedupeKey, subject, time, causation } = options;
  const event = buildEvent({
    tenant,
    id: generateId(),
    type,
    time: time ?? clock.now(),
    subject,
    causation,
    class: 'custom',
    severity: 'info',
    data: new TextEncoder().encode(text),
  });
  return publisher.publish({
    event,
    data: value,
    dedupe: dedupeKey === undefined ? null : { key: `host:${dedupeKey}`, hash: hashJson(value) },
  });
}
