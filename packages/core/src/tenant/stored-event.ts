import { type Considered, type EventRecord, everyOther, type Payload } from '../contracts/dispatch-records.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';

/** An event with what the hub knows of it. */
export interface StoredEvent {
  readonly event: HubEvent;
  /** The webhook that brought it, where one did. */
  readonly receipt: EventRecord['receipt'];
  /** The webhook's body byte for byte; `null` where no webhook brought it. */
  readonly original: Uint8Array | null;
  /** Milliseconds since 1970, on the store's clock. */
  readonly storedAt: number;
  /** Automations that were looked at, and whether they matched; of more than 64 that start on its type, those that matched. */
  readonly considered: readonly Considered[];
}

/** The host's view of a stored event. */
export function toStoredEvent(record: EventRecord): StoredEvent {
  return {
    event: toHubEvent(record, decodePayload(record.data)),
    receipt: record.receipt,
    original: record.receipt === null ? null : bytesOf(record.original ?? record.data),
    storedAt: record.storedAt,
    considered: record.considered.filter(({ automation }) => automation !== everyOther),
  };
}

function bytesOf({ codec, bytes }: Payload): Uint8Array | null {
  return codec === 'plain' ? bytes : null;
}
