import type { NewDispatch, Payload } from '../contracts/dispatch-records.ts';
import type { PlanRequest } from '../contracts/planner.ts';
import { encodeAdditions, eventAdditions } from '../events/event-additions.ts';
import type { CompiledMappings } from './compiled-mappings.ts';
import { mapEvent, mappingOf } from './map-event.ts';
import { mappingDispatch } from './mapping-dispatch.ts';

/** An event that is ready to be planned. */
export interface PreparedRequest {
  readonly request: PlanRequest;
  /** What goes in with it, where something was added here. */
  readonly additions?: Payload;
  /** What stands for all that it would start, where its data does not fit its mapping. */
  readonly held: NewDispatch | null;
}

/** Maps an event on its way in. */
export function prepareAtDoor(known: CompiledMappings, request: PlanRequest): PreparedRequest {
  const { event, data } = request;
  const target = mappingOf(known, event);
  if (target === undefined || event.additions !== undefined) return { request, held: heldBy(request) };
  const { mapping, mapped } = mapEvent(target, data);
  const additions = encodeAdditions({ ...(mapping && { mapping }), ...(mapped === undefined ? {} : { mapped }) });
  const ready = { ...request, event: { ...event, additions } };
  return { request: ready, additions, held: heldBy(ready) };
}

/** What stands for all that an event would start whose data was found not to fit; `null` where it fits. */
export function heldBy({ event }: PlanRequest): NewDispatch | null {
  const { mapping } = eventAdditions(event);
  return mapping?.failed === true ? mappingDispatch(event, mapping) : null;
}
