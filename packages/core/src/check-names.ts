import { reservedIds } from './connector/check-definition.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import { isSchema } from './connector/is-schema.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { HostEvents } from './tenant/typed-automation.ts';

/** Longest type of event, characters. */
const longestType = 200;

const typeShape = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/;

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
  if (reservedIds.includes(first)) return `begins with ${first}, which the hub uses itself`;
  return registry.find(first) === undefined ? null : `begins with the connector ${first}, whose events only its webhooks may bring`;
}
