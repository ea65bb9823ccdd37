import type { ConnectorEvent, WebhookDelivery } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { buildEvent, isEventSubject, isEventTime, type NewEvent } from '../../events/build-event.ts';
import { unverifiedRegistration } from '../../events/unverified-registration.ts';
import type { Json } from '../../json/json.ts';
import type { DeliverySource } from './delivery-source.ts';

/** A verified delivery on its way in. */
export interface VerifiedDelivery {
  readonly connector: DeliverySource;
  readonly delivery: WebhookDelivery;
  readonly deliveryId: string;
  /** The bytes that came, without a secret that was in them. */
  readonly body: Uint8Array;
  /** They say the delivery's body. */
  readonly exact: boolean;
  /** Nobody has signed it, and its connector bears that. */
  readonly unverified: boolean;
  /** When it came, milliseconds since 1970, where that is not now. */
  readonly receivedAt?: number;
}

/** Where the event belongs. Times are milliseconds since 1970. */
export interface EventPlace {
  readonly tenant: string;
  readonly registration: string;
  readonly connection: string | null;
  readonly id: string;
  readonly receivedAt: number;
}

/** Longest subject, characters. */
const longestSubject = 500;

/** An event to be published, with its data as the stored bytes say it. */
export interface DeliveredEvent {
  readonly event: NewEvent;
  readonly data: Json;
}

/** The event that a connector saw in a delivery. What the service says of time and subject is bounded: a store must be able to hold it. */
export function eventOfDelivery(place: EventPlace, verified: VerifiedDelivery, told: ConnectorEvent): DeliveredEvent {
  const { connector, delivery, deliveryId, body, exact, unverified } = verified;
  const trigger = connector.triggers[told.trigger];
  const isBody = told.data === delivery.body && exact;
  const text = isBody ? '' : textOf(connector.id, told);
  const event = buildEvent({
    tenant: place.tenant,
    id: place.id,
    type: `${connector.id}.${told.trigger}`,
    time: timeOf(told.time) ?? place.receivedAt,
    subject: subjectOf(told.subject),
    connection: place.connection ?? undefined,
    class: trigger?.class ?? 'custom',
    severity: trigger?.severity ?? 'info',
    data: isBody ? body : new TextEncoder().encode(text),
    original: isBody ? undefined : body,
    receipt: { registration: unverified ? unverifiedRegistration(place.registration) : place.registration, deliveryId },
  });
  // What goes on is what the text says, so that automations see the same now and in a replay.
  return { event, data: isBody ? told.data : (JSON.parse(text) as Json) };
}

function textOf(connector: string, { trigger, data }: ConnectorEvent): string {
  const text: string | undefined = JSON.stringify(data);
  if (text !== undefined) return text;
  throw new PatchbayError({ code: 'internal', message: `The connector ${connector} gives ${trigger} no data. Report it to its author.` });
}

function timeOf(time: unknown): number | undefined {
  const whole = typeof time === 'number' ? Math.round(time) : undefined;
  return isEventTime(whole) ? whole : undefined;
}

function subjectOf(subject: unknown): string | undefined {
  if (typeof subject !== 'string') return undefined;
  const plain = subject
    .replaceAll(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu, '')
    .slice(0, longestSubject)
    .toWellFormed();
  return isEventSubject(plain) ? plain : undefined;
}
