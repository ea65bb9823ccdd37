import type { EventRecord, Payload } from '../contracts/dispatch-records.ts';
import type { Enrichment } from '../event/hub-event.ts';
import type { Json } from '../json/json.ts';
import { decodePayload } from './decode-payload.ts';

/** Which mapping an event has been looked at with. */
export interface AppliedMapping {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** The data did not fit, and the event has started nothing yet. */
  readonly failed?: true;
}

/** What the hub has added to an event; written and read here only. */
export interface EventAdditions {
  readonly mapping?: AppliedMapping;
  readonly mapped?: Json;
  readonly enrichment?: Readonly<Record<string, Enrichment>>;
  /** Automations that were looked at after the mapping had been mended. */
  readonly considered?: EventRecord['considered'];
}

const nothing: EventAdditions = {};

/** Reads what has been added to an event. */
export function eventAdditions({ additions }: Pick<EventRecord, 'additions'>): EventAdditions {
  // Written by the function below.
  return additions === undefined ? nothing : (decodePayload(additions) as unknown as EventAdditions);
}

/** The form in which additions are stored. */
export function encodeAdditions(additions: EventAdditions): Payload {
  return { codec: 'plain', bytes: new TextEncoder().encode(JSON.stringify(additions)) };
}
