import type { EventRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { EventClass, HubEvent, Severity } from '../event/hub-event.ts';
import type { Json } from '../json/json.ts';
import { eventAdditions } from './event-additions.ts';
import { isUnverified } from './unverified-registration.ts';

/** What makes an event. Times are milliseconds since 1970. */
export interface EventInput {
  readonly tenant: string;
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly subject?: string | undefined;
  readonly connection?: string | undefined;
  readonly correlation?: string | undefined;
  readonly causation?: string | undefined;
  readonly class: EventClass;
  readonly severity: Severity;
  /** JSON text of the data, as bytes. */
  readonly data: Uint8Array;
  /** The body as it came, where it is not the data. */
  readonly original?: Uint8Array | undefined;
  readonly receipt?: EventRecord['receipt'];
}

/** An event before it is stored. */
export type NewEvent = Omit<EventRecord, 'storedAt' | 'considered'>;

/** The years 1 to 9999, milliseconds since 1970: what RFC 3339 can write and expressions can read. */
const earliest = -62_135_596_800_000;
const latest = 253_402_300_799_999;

/** True for a time that an event can have: whole milliseconds since 1970, within the years 1 to 9999. */
export function isEventTime(time: unknown): time is number {
  return Number.isInteger(time) && typeof time === 'number' && time >= earliest && time <= latest;
}

/**
 * True for a subject that an event can have: 1 to 500 characters of those that CloudEvents allows in text. Source: CloudEvents
 * specification 1.0.2, "Type System".
 */
export function isEventSubject(subject: unknown): subject is string {
  return typeof subject === 'string' && /^[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]{1,500}$/u.test(subject);
}

/** The stored form of an event. Throws `invalid_event` for a time or subject that no event can have. */
export function buildEvent(input: EventInput): NewEvent {
  check(isEventTime(input.time), 'The time of an event is whole milliseconds since 1970, within the years 1 to 9999.');
  check(
    input.subject === undefined || isEventSubject(input.subject),
    "An event's subject is 1 to 500 characters without control characters.",
  );
  const scope = `/tenants/${encodeURIComponent(input.tenant)}`;
  return {
    tenant: input.tenant,
    id: input.id,
    type: input.type,
    source: input.connection === undefined ? scope : `${scope}/connections/${input.connection}`,
    subject: input.subject ?? null,
    time: input.time,
    connection: input.connection ?? null,
    correlation: input.correlation ?? input.id,
    causation: input.causation ?? null,
    class: input.class,
    severity: input.severity,
    data: { codec: 'plain', bytes: input.data },
    original: input.original ? { codec: 'plain', bytes: input.original } : null,
    receipt: input.receipt ?? null,
  };
}

function check(holds: boolean, rule: string): void {
  if (!holds) throw new PatchbayError({ code: 'invalid_event', message: `${rule} Correct it.` });
}

/** The CloudEvent that a stored event stands for, with its data as parsed and what the hub has added. */
export function toHubEvent(event: NewEvent, data: Json): HubEvent {
  const { mapped, enrichment } = eventAdditions(event);
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    ...(event.subject === null ? {} : { subject: event.subject }),
    time: new Date(event.time).toISOString(),
    datacontenttype: 'application/json',
    data,
    tenant: event.tenant,
    ...(event.connection === null ? {} : { connection: event.connection }),
    correlation: event.correlation,
    ...(event.causation === null ? {} : { causation: event.causation }),
    // Written by buildEvent from these very unions.
    class: event.class as EventClass,
    severity: event.severity as Severity,
    ...(mapped === undefined ? {} : { mapped }),
    ...(enrichment === undefined ? {} : { enrichment }),
    ...(isUnverified(event) ? { unverified: true } : {}),
  };
}
