import { parseSoon } from '../../connector/parse-with.ts';
import type { ConnectorEvent } from '../../connector/webhook-declaration.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { toHubEvent } from '../../events/build-event.ts';
import type { PublishResult } from '../../events/create-publisher.ts';
import type { Json } from '../../json/json.ts';
import { confinedAdmission } from './confined-admission.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import { type DeliveredEvent, eventOfDelivery, type VerifiedDelivery } from './event-of-delivery.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { rulesOf } from './registration-rules.ts';
import { KeptOutEvent, RulesChanged, requireRouted, transformedText } from './routed-admission.ts';
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

/** Times that a registration's rules may change while one event is on its way in. */
const mostChanges = 5;

/**
 * Publishes an event once, unless it is of a resource that the connection is kept from, the tenant does not want it or its registration's rules keep
 * it out: then it is counted.
 */
export async function publishOne(options: PublishDeliveryOptions, publishing: Publishing): Promise<void> {
  const { clock, counts } = options;
  const began = clock.monotonic();
  const told = timeToReceipt(publishing.event, publishing.verified.receivedAt ?? clock.now());
  const delivered = await readEvent(options, publishing);
  for (let changes = 0; ; changes += 1) {
    try {
      if (await publishRouted(options, publishing, delivered)) {
        if (told !== undefined) counts.time('lag', publishing.place, told);
        counts.time('commit', publishing.place, clock.monotonic() - began);
      }
      return;
    } catch (error) {
      if (!(error instanceof RulesChanged)) throw error;
      if (changes >= mostChanges) throw alwaysChanging();
    }
  }
}

function alwaysChanging(): PatchbayError {
  const message = 'The rules of the registration are being changed, time after time, so nothing was taken in. The service sends again.';
  return new PatchbayError({ code: 'not_ready', message, retryable: true });
}

/** Milliseconds from what the service says of when it happened to now; `undefined` where it says nothing that can be. */
function timeToReceipt({ time }: ConnectorEvent, now: number): number | undefined {
  return typeof time === 'number' && Number.isFinite(time) ? Math.max(0, now - time) : undefined;
}

/** False where it was not taken in. */
async function publishRouted(options: PublishDeliveryOptions, publishing: Publishing, delivered: DeliveredEvent): Promise<boolean> {
  const { publisher, cache, counts } = options;
  const { place, verified, event, dedupeKey } = publishing;
  const { tenant, registration } = place;
  const arriving = { connector: verified.connector, trigger: event.trigger, data: delivered.data };
  const used = rulesOf(cache.peek(tenant) ?? (await cache.read(tenant)), registration);
  const routed = { tenant, registration, deliveryId: verified.deliveryId, event: () => toHubEvent(delivered.event, delivered.data) };
  const within = confinedAdmission({ cache, place, event: arriving });
  const admit = async (revision: Revision): Promise<void> => {
    const configuration = await within.admit(revision);
    await requireWanted(options, revision, { tenant, ...arriving });
    await requireRouted(cache, configuration, { routed, used });
  };
  const text = used && (await transformedText(cache, routed, used));
  const shaped = transformed(delivered, text, verified.body);
  const result = await publisher.publish({ ...shaped, dedupe: { key: dedupeKey, hash: null }, admit }).catch((error: unknown) => {
    if (error instanceof UnwantedEvent) return { keptOut: 'ignored' as const };
    if (error instanceof KeptOutEvent) return { keptOut: error.why };
    if (error instanceof RulesChanged) throw error;
    return within.droppedBy(error);
  });
  if ('keptOut' in result) counts.count(result.keptOut, place);
  else if ('dropped' in result) tellDropped(options, { place, trigger: event.trigger, resource: result.dropped });
  else tellReceived(options, publishing, { ...result, type: delivered.event.type });
  return 'status' in result && result.status === 'created';
}

/** The event with other data; the body as it came is kept beside it. */
function transformed(delivered: DeliveredEvent, text: string | undefined, body: Uint8Array): DeliveredEvent {
  if (text === undefined) return delivered;
  const bytes = { codec: 'plain', bytes: new TextEncoder().encode(text) } as const;
  const original = delivered.event.original ?? ({ codec: 'plain', bytes: body } as const);
  // What goes on is what the text says, so that automations see the same now and in a replay.
  return { event: { ...delivered.event, data: bytes, original }, data: JSON.parse(text) as Json };
}

function tellReceived(
  { notify, counts, clock }: PublishDeliveryOptions,
  { place, verified, event }: Publishing,
  { status, eventId, type }: PublishResult & { readonly type: string },
): void {
  const { tenant, registration, connection } = place;
  const duplicate = status === 'duplicate';
  const at = clock.now();
  counts.count(duplicate ? 'duplicate' : 'received', place);
  counts.note('received', place, { at, eventId, type });
  notify('webhook.received', {
    ...{ tenant, registrationId: registration, connectionId: connection },
    connectorId: connection === null ? 'receiver' : verified.connector.id,
    ...{ triggerId: event.trigger, eventId, duplicate },
    verified: !verified.unverified,
    at,
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
