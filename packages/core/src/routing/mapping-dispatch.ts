import type { NewDispatch } from '../contracts/dispatch-records.ts';

/** The handler that maps events again that did not fit. */
export const mappingHandler = 'mapping';

/**
 * The dispatch that stands for all that an event would start whose data did not fit its mapping. It dies at its first attempt with the reason, where people look; a
 * retry maps the event with the mapping as it is then, and starts what the event starts.
 */
export function mappingDispatch(
  event: { readonly tenant: string; readonly id: string; readonly connection: string | null },
  mapping: { readonly id: string; readonly name: string },
): NewDispatch {
  return {
    key: { tenant: event.tenant, root: event.id, target: `mapping:${mapping.id}`, replay: 0, path: 'map' },
    handler: mappingHandler,
    lane: `mapping:${mapping.id}`,
    workClass: 'live',
    operation: mapping.name,
    connection: event.connection,
    input: null,
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}
