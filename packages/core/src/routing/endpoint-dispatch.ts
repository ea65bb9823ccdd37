import type { ReplayMark } from '../automation/run-state.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { renderInput } from '../expression/render-input.ts';
import { type DeliveryInput, writeDeliveryInput } from '../webhooks/outbound/delivery-input.ts';
import { deliveryHandler, endpointTarget } from '../webhooks/outbound/endpoint-target.ts';
import type { EndpointTarget } from './compiled-endpoints.ts';

/** An event that is to be delivered to an endpoint. */
export interface EndpointDelivery {
  readonly tenant: string;
  readonly endpoint: EndpointTarget;
  readonly event: Pick<HubEvent, 'id' | 'type'>;
  /** The event with its data; asked for only where a transformation reads it. */
  readonly read: () => HubEvent;
  readonly replay: number;
  /** The replay that starts it. */
  readonly mark?: ReplayMark;
  /** What its transformation uses is added to it. */
  readonly use?: FuelUse;
}

/**
 * The dispatch that delivers an event to an endpoint. A transformation is rendered here, once; one that fails is a dispatch all the same, which is dead
 * at its first attempt with the reason, so that somebody sees it.
 */
export function endpointDispatch({ tenant, endpoint, event, read, replay, mark, use }: EndpointDelivery): NewDispatch {
  const input = { ...inputOf(endpoint, read, use), ...(mark === undefined ? {} : { mark }) };
  return {
    key: { tenant, root: event.id, target: endpointTarget(endpoint.id), replay, path: 'deliver' },
    handler: deliveryHandler,
    lane: endpointTarget(endpoint.id),
    workClass: replay > 0 ? 'replay' : 'live',
    // Deliveries are looked for by the type of their event.
    operation: event.type,
    connection: null,
    input: writeDeliveryInput(input),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}

function inputOf(endpoint: EndpointTarget, read: () => HubEvent, use: FuelUse | undefined): DeliveryInput {
  if ('error' in endpoint) return { fault: faultOf('The endpoint cannot be read here', endpoint.error) };
  const { payload } = endpoint;
  if (endpoint.transform === null) return { payload };
  try {
    return { payload, data: renderInput(endpoint.transform, { event: read() }, use) };
  } catch (error) {
    return { fault: faultOf('The transformation cannot be rendered', toErrorRecord(error)) };
  }
}

function faultOf(what: string, { code, message }: { readonly code: string; readonly message: string }): { code: string; message: string } {
  return { code, message: `${what}: ${message}`.slice(0, 500) };
}
