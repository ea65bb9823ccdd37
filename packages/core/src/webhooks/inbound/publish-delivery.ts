import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import { parseSoon } from '../../connector/parse-with.ts';
import type { ConnectorEvent } from '../../connector/webhook-declaration.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { AskConnector } from './ask-connector.ts';
import { confinedAdmission } from './confined-admission.ts';
import { eventOfDelivery, type VerifiedDelivery } from './event-of-delivery.ts';
import { mayPass } from './may-pass.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { settleInParts } from './settle-in-parts.ts';

/** Whose delivery it is. */
export interface DeliveryPlace {
  readonly tenant: string;
  /** Registration's id, or `app:{connector}`. */
  readonly registration: string;
  readonly connection: string;
  /** Triggers that are wanted; `null`: all. */
  readonly triggers: readonly string[] | null;
  /** Throws where the delivery may not come in under this revision of the configuration; answers the configuration. */
  readonly admit: (revision: Revision) => Promise<TenantConfiguration>;
}

/** What publishing needs. */
export type PublishDeliveryOptions = Pick<
  ReceiveOptions,
  'publisher' | 'cache' | 'clock' | 'generateId' | 'notify' | 'counts' | 'askConnector'
>;

/** Most events of one delivery: each is stored by itself, with the body where it is not the body. */
const maximumEvents = 1_000;

/** Most events of one delivery that are published at a time, and most bytes of the body with each: those of one batch of the store. */
const together = { events: 64, bytes: 1_048_576 };

/** The events that a delivery tells of, by the connector's word. Throws `unknown_trigger` for one that it does not declare, and `body_invalid` for too many. */
export function eventsOf(
  askConnector: AskConnector,
  { connector, delivery }: Pick<VerifiedDelivery, 'connector' | 'delivery'>,
): Promise<readonly ConnectorEvent[]> {
  const check = (told: readonly ConnectorEvent[]): readonly ConnectorEvent[] => {
    const events = [...told];
    if (events.length > maximumEvents) throw tooManyEvents(events.length);
    for (const { trigger } of events) {
      if (Object.hasOwn(connector.triggers, trigger)) continue;
      throw new PatchbayError({
        code: 'unknown_trigger',
        message: `The connector ${connector.id} emits ${trigger}, which it does not declare. Report it to its author.`,
      });
    }
    return events;
  };
  return askConnector(connector.id, (context) => {
    const told = connector.definition.webhook?.toEvents(delivery, context) ?? [];
    return told instanceof Promise ? told.then(check) : check(told);
  });
}

/**
 * Publishes a delivery's events for one connection, each once. Resolves after the commit with how many were wanted. Each event's
 * dedupe key is the registration, the connection, the delivery's id and its place in the delivery. An event that cannot be published does not
 * keep the others out; where the store is away or behind, the rest is left to the repeat.
 */
export async function publishDelivery(
  options: PublishDeliveryOptions,
  place: DeliveryPlace,
  verified: VerifiedDelivery,
  events: readonly ConnectorEvent[],
): Promise<number> {
  const wanted = events
    .map((event, index) => ({ event, index }))
    .filter(({ event }) => place.triggers === null || place.triggers.includes(event.trigger));
  // The place stands after the last `#`, so no delivery id can be written that looks like another's event.
  const key = `webhook:${place.registration}:${place.connection}:${verified.deliveryId}`;
  const results = await settleInParts({
    items: wanted,
    size: partOf(verified),
    work: ({ event, index }) => publishOne(options, { place, verified, event, dedupeKey: `${key}#${index}` }),
    isOver: (settled) => reasonsOf(settled).some(mayPass),
  });
  const reasons = reasonsOf(results);
  if (reasons.length > 0) throw reasons.find(mayPass) ?? reasons[0];
  if (wanted.length === 0) options.counts.count('ignored', place);
  return wanted.length;
}

/** How many events of a delivery are published at a time, for all of its connections together. */
export function partOf({ body }: Pick<VerifiedDelivery, 'body'>): number {
  return Math.min(together.events, Math.max(1, Math.floor(together.bytes / Math.max(1, body.byteLength))));
}

function reasonsOf(results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}

function tooManyEvents(count: number): PatchbayError {
  return new PatchbayError({
    code: 'body_invalid',
    message: `The delivery tells of ${count} events, and at most ${maximumEvents} are taken of one. Have the service send smaller deliveries.`,
  });
}

interface Publishing {
  readonly place: DeliveryPlace;
  readonly verified: VerifiedDelivery;
  readonly event: ConnectorEvent;
  readonly dedupeKey: string;
}

async function publishOne(options: PublishDeliveryOptions, { place, verified, event, dedupeKey }: Publishing): Promise<void> {
  const { publisher, cache, clock, generateId, notify, counts, askConnector } = options;
  const { connector } = verified;
  const { tenant, registration, connection } = place;
  const delivered = await askConnector(connector.id, () => {
    const make = () => eventOfDelivery({ tenant, registration, connection, id: generateId(), receivedAt: clock.now() }, verified, event);
    const payload = connector.triggers[event.trigger]?.payload;
    const parsed =
      payload &&
      parseSoon(payload, event.data, {
        code: 'invalid_event',
        what: `A delivery of ${connector.id}.${event.trigger}`,
        advice: 'The service sends otherwise than the connector expects. Report it to its author.',
      });
    return parsed instanceof Promise ? parsed.then(make) : make();
  });
  const arriving = { connector, trigger: event.trigger, data: delivered.data };
  const within = confinedAdmission({ cache, place, event: arriving });
  const result = await publisher
    .publish({ ...delivered, dedupe: { key: dedupeKey, hash: null }, admit: within.admit })
    .catch(within.droppedBy);
  if ('dropped' in result) return tellDropped(options, { place, trigger: event.trigger, resource: result.dropped });
  const duplicate = result.status === 'duplicate';
  counts.count(duplicate ? 'duplicate' : 'received', place);
  notify('webhook.received', {
    tenant,
    registrationId: registration,
    connectionId: connection,
    triggerId: event.trigger,
    eventId: result.eventId,
    duplicate,
    at: clock.now(),
  });
}

function tellDropped(
  { notify, counts, clock }: PublishDeliveryOptions,
  { place, trigger, resource }: { readonly place: DeliveryPlace; readonly trigger: string; readonly resource: string },
): void {
  const { tenant, registration, connection } = place;
  counts.count('confined', place);
  notify('webhook.dropped', {
    tenant,
    registrationId: registration,
    connectionId: connection,
    triggerId: trigger,
    resource,
    at: clock.now(),
  });
}
