import { healthName } from '../webhooks/outbound/endpoint-health.ts';
import { endpointTarget } from '../webhooks/outbound/endpoint-target.ts';
import { windowName } from '../webhooks/outbound/endpoint-watch.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { endpointRow } from './endpoint-row.ts';
import { type Endpoint, toEndpoint } from './endpoint-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Enables an endpoint, whatever it was disabled for. */
export async function enableEndpoint(scope: TenantScope, reference: string): Promise<Endpoint> {
  const { id } = await endpointRow(scope, reference);
  // Before its lane opens: the first delivery that failed again would be held against it with all that had failed before.
  await forgetFailures(scope, id);
  const row = await changeEndpoint(scope, id, ({ value }) => {
    const { disabled, ...rest } = value;
    return disabled === undefined ? null : rest;
  });
  await scope.queue.wake({}).catch(() => undefined);
  return toEndpoint(row);
}

/** Disables an endpoint in the host's name; one that is disabled already keeps its reason. */
export async function disableEndpoint(scope: TenantScope, reference: string): Promise<Endpoint> {
  const at = Math.floor(scope.clock.now());
  const row = await changeEndpoint(scope, reference, ({ value }) =>
    value.disabled === undefined ? { ...value, disabled: { reason: 'host', at } } : null,
  );
  return toEndpoint(row);
}

/** A clean slate: no failure counts any more, and no gate of before is left. */
async function forgetFailures({ tenant, storage }: TenantScope, id: string): Promise<void> {
  await storage.states.write([healthName(id), windowName(id)].map((name) => ({ tenant, name, expect: 'any' as const, value: null })));
  const lane = endpointTarget(id);
  await storage.gates.open((['breaker', 'rate_limited'] as const).map((reason) => ({ tenant, lane, reason })));
}
