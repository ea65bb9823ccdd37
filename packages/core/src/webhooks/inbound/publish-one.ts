import { parseSoon } from '../../connector/parse-with.ts';
import type { ConnectorEvent } from '../../connector/webhook-declaration.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import { confinedAdmission } from './confined-admission.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import { type DeliveredEvent, eventOfDelivery, type VerifiedDelivery } from './event-of-delivery.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { requireWanted, UnwantedEvent } from './wanted-event.ts';

/** What publishing needs. */
export type PublishDeliveryOptions = Pick<
  ReceiveOptions,
  'cache' | 'publisher' | 'clock' | 'generateId' | 'notify' | 'counts' | 'askConnector'
>;

/** One event of a delivery, for one connection. */
export interface Publishing {
  readonly place: DeliveryPlace;
  readonly verified: VerifiedDelivery;
  readonly event: ConnectorEvent;
  readonly dedupeKey: string;
}

/** Publishes an event once, unless it is of a resource that the connection is kept from or the tenant does not want it: then it is counted. */
export async function publishOne(options: PublishDeliveryOptions, publishing: Publishing): Promise<void> {
  const { publisher, cache, clock, notify, counts } = options;
  const { place, verified, event, dedupeKey } = publishing;
  const { tenant, registration, connection } = place;
  const delivered = await readEvent(options, publishing);
  const arriving = { connector: verified.connector, trigger: event.trigger, data: delivered.data };
  const within = confinedAdmission({ cache, place, event: arriving });
  const admit = async (revision: Revision): Promise<void> => {
    await within.admit(revision);
    await requireWanted(options, revision, { tenant, ...arriving });
  };
  const result = await publisher
    .publish({ ...delivered, dedupe: { key: dedupeKey, hash: null }, admit })
    .catch((error: unknown) => (error instanceof UnwantedEvent ? null : within.droppedBy(error)));
  if (result === null) return counts.count('ignored', place);
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
    verified: !verified.unverified,
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

/** The event with its data checked by the trigger's schema. */
function readEvent(
  { clock, generateId, askConnector }: PublishDeliveryOptions,
  { place, verified, event }: Publishing,
): Promise<DeliveredEvent> {
  const { tenant, registration, connection } = place;
  const { connector } = verified;
  return askConnector(connector.id, () => {
    const make = () =>
      eventOfDelivery(
        { tenant, registration, connection, id: generateId(), receivedAt: verified.receivedAt ?? clock.now() },
        verified,
        event,
      );
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
}
