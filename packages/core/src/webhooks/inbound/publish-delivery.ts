import type { Connector } from '../../connector/connector-definition.ts';
import type { ConnectorEvent } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { AskConnector } from './ask-connector.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import type { VerifiedDelivery } from './event-of-delivery.ts';
import { mayPass } from './may-pass.ts';
import { type PublishDeliveryOptions, publishOne } from './publish-one.ts';
import { settleInParts } from './settle-in-parts.ts';

/** Most events of one delivery: each is stored by itself, with the body where it is not the body. */
const maximumEvents = 1_000;

/** Most events of one delivery that are published at a time, and most bytes of the body with each: those of one batch of the store. */
const together = { events: 64, bytes: 1_048_576 };

/** The events that a delivery tells of, by the connector's word. Throws `unknown_trigger` for one that it does not declare, and `body_invalid` for too many. */
export function eventsOf(
  askConnector: AskConnector,
  { connector, delivery }: Pick<VerifiedDelivery, 'delivery'> & { readonly connector: Connector },
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
  const key = `webhook:${place.registration}:${place.connection ?? ''}:${verified.deliveryId}`;
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
