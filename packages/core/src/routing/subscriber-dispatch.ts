import type { NewDispatch } from '../contracts/dispatch-records.ts';

/** The dispatch that calls a subscriber with an event. */
export function subscriberDispatch(tenant: string, root: string, name: string, replay = 0): NewDispatch {
  return {
    key: { tenant, root, target: `subscriber:${name}`, replay, path: 'call' },
    handler: `subscriber:${name}`,
    lane: `subscriber:${name}`,
    workClass: 'live',
    operation: name,
    connection: null,
    input: null,
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
  };
}
