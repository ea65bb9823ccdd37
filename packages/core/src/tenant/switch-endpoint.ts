import { changeEndpoint } from './change-endpoint.ts';
import { type Endpoint, toEndpoint } from './endpoint-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Enables an endpoint, whatever it was disabled for. */
export async function enableEndpoint(scope: TenantScope, reference: string): Promise<Endpoint> {
  const row = await changeEndpoint(scope, reference, ({ value }) => {
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
