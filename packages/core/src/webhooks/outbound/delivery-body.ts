import type { EventRecord } from '../../contracts/dispatch-records.ts';
import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import { toHubEvent } from '../../events/build-event.ts';

/** A body that is ready to be signed and sent. */
export interface DeliveryBody {
  readonly text: string;
  readonly contentType: string;
}

/** What a body is made of. */
export interface DeliveryContent {
  readonly event: EventRecord;
  /** JSON text of the data: the event's own as it is stored, or what its transformation has rendered. */
  readonly data: string;
  readonly payload: EndpointRecord['payload'];
}

/**
 * The body of a delivery: the same bytes for the same event and data, because the data's text is put in as it is stored. `standard` is the
 * payload of Standard Webhooks, `cloudevents` an event in structured mode, `data` the data alone.
 */
export function deliveryBody({ event, data, payload }: DeliveryContent): DeliveryBody {
  if (payload === 'data') return { text: data, contentType: 'application/json' };
  if (payload === 'standard') {
    const head = JSON.stringify({ type: event.type, timestamp: new Date(event.time).toISOString() });
    return { text: withMember(head, 'data', data), contentType: 'application/json' };
  }
  // What the hub has added is no attribute of CloudEvents, whose values are plain.
  const { data: _data, mapped: _mapped, enrichment: _enrichment, ...attributes } = toHubEvent(event, null);
  return { text: withMember(JSON.stringify(attributes), 'data', data), contentType: 'application/cloudevents+json; charset=utf-8' };
}

function withMember(object: string, name: string, text: string): string {
  return `${object.slice(0, -1)},"${name}":${text}}`;
}
