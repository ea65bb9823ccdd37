import type { ConnectorRegistry } from './connector/create-registry.ts';
import { isSchema } from './connector/is-schema.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { HostEvents } from './tenant/typed-automation.ts';

/** Names that the hub uses itself, as the first segment of event types and actions. */
const reserved = {
  manual: 'the events of automations that are asked to run',
  flow: 'control steps',
} as const;

/** Longest type of event, characters. */
const longestType = 200;

const typeShape = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/;

/** Throws `connector_invalid` for a connector whose id would take names that the hub uses itself. */
export function checkConnectorIds(registry: Pick<ConnectorRegistry, 'find'>): void {
  for (const [id, use] of Object.entries(reserved)) {
    if (registry.find(id) === undefined) continue;
    throw new PatchbayError({ code: 'connector_invalid', message: `A connector cannot have the id ${id}, which names ${use}. Rename it.` });
  }
}

/** The host's own event types. Throws `invalid_argument` for one that cannot be, that a connector or the hub emits, or that has no schema. */
export function checkHostEvents<E extends HostEvents>(events: E, registry: Pick<ConnectorRegistry, 'find'>): E {
  for (const [type, schema] of Object.entries(events)) {
    const fault = faultOf(type, registry) ?? (isSchema(schema) ? null : 'has no schema');
    if (fault === null) continue;
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The event type ${type.slice(0, longestType)} ${fault}. Declare one such as 'order.placed': z.object({ … }).`,
    });
  }
  return events;
}

function faultOf(type: string, registry: Pick<ConnectorRegistry, 'find'>): string | null {
  if (!typeShape.test(type) || type.length > longestType)
    return `is not two or more segments joined by dots, at most ${longestType} characters`;
  const [first = ''] = type.split('.', 1);
  if (Object.hasOwn(reserved, first)) return `begins with ${first}, which the hub uses itself`;
  return registry.find(first) === undefined ? null : `begins with the connector ${first}, whose events only its webhooks may bring`;
}
