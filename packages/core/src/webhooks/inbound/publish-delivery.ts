import type { Connector } from '../../connector/connector-definition.ts';
import { parseWith } from '../../connector/parse-with.ts';
import type { ConnectorEvent, WebhookDelivery } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { buildEvent } from '../../events/build-event.ts';
import type { ReceiveOptions } from './receive-options.ts';

/** Whose delivery it is. */
export interface DeliveryPlace {
  readonly tenant: string;
  /** Registration's id, or `app:{connector}`. */
  readonly registration: string;
  readonly connection: string;
  /** Triggers that are wanted; `null`: all. */
  readonly triggers: readonly string[] | null;
}

/** A verified delivery on its way in. */
export interface VerifiedDelivery {
  readonly connector: Connector;
  readonly delivery: WebhookDelivery;
  readonly deliveryId: string;
  /** The bytes that came. */
  readonly body: Uint8Array;
}

/** The events that a delivery tells of, by the connector's word. Throws `unknown_trigger` for one that it does not declare. */
export async function eventsOf({ connector, delivery }: VerifiedDelivery): Promise<readonly ConnectorEvent[]> {
  const events = (await connector.definition.webhook?.toEvents(delivery)) ?? [];
  for (const { trigger } of events) {
    if (Object.hasOwn(connector.triggers, trigger)) continue;
    throw new PatchbayError({
      code: 'unknown_trigger',
      message: `The connector ${connector.id} emits ${trigger}, which it does not declare. Report it to its author.`,
    });
  }
  return events;
}

/**
 * Publishes a delivery's events for one connection, each once. Resolves after the commit with how many were wanted. Each event's
 * dedupe key is the registration, the delivery's id and its place in the delivery.
 */
export async function publishDelivery(
  options: ReceiveOptions,
  place: DeliveryPlace,
  verified: VerifiedDelivery,
  events: readonly ConnectorEvent[],
): Promise<number> {
  const wanted = events
    .map((event, index) => ({ event, index }))
    .filter(({ event }) => place.triggers === null || place.triggers.includes(event.trigger));
  const key = `webhook:${place.registration}:${place.connection}:${verified.deliveryId}`;
  await Promise.all(
    wanted.map(({ event, index }) => publishOne(options, place, verified, event, events.length === 1 ? key : `${key}#${index}`)),
  );
  if (wanted.length === 0) options.counts.count('ignored', place);
  return wanted.length;
}

async function publishOne(
  options: ReceiveOptions,
  place: DeliveryPlace,
  verified: VerifiedDelivery,
  event: ConnectorEvent,
  dedupeKey: string,
): Promise<void> {
  const { publisher, clock, generateId, notify, counts } = options;
  const { connector, delivery, body, deliveryId } = verified;
  const trigger = connector.triggers[event.trigger];
  const type = `${connector.id}.${event.trigger}`;
  if (!trigger) return;
  await parseWith(trigger.payload, event.data, {
    code: 'invalid_event',
    what: `A delivery of ${type}`,
    advice: 'The service sends otherwise than the connector expects. Report it to its author.',
  });
  const isBody = event.data === delivery.body;
  const result = await publisher.publish({
    event: buildEvent({
      tenant: place.tenant,
      id: generateId(),
      type,
      time: event.time ?? clock.now(),
      subject: event.subject,
      connection: place.connection,
      class: trigger.class ?? 'custom',
      severity: trigger.severity ?? 'info',
      data: isBody ? body : new TextEncoder().encode(JSON.stringify(event.data)),
      original: isBody ? undefined : body,
      receipt: { registration: place.registration, deliveryId },
    }),
    data: event.data,
    dedupe: { key: dedupeKey, hash: null },
  });
  const duplicate = result.status === 'duplicate';
  counts.count(duplicate ? 'duplicate' : 'received', place);
  notify('webhook.received', {
    tenant: place.tenant,
    registrationId: place.registration,
    connectionId: place.connection,
    triggerId: event.trigger,
    eventId: result.eventId,
    duplicate,
    at: clock.now(),
  });
}
