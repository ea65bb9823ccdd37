import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { ConfigurationStore } from '../../contracts/configuration-store.ts';
import type { GateStore } from '../../contracts/control-stores.ts';
import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import type { Notify } from '../../notices/notices.ts';
import { alignEndpointGate } from './align-endpoint-gate.ts';
import type { EndpointPlace } from './endpoint-health.ts';

/** What disabling needs. The store records who did it. */
export interface DisableEndpointOptions {
  readonly store: ConfigurationStore;
  readonly gates: GateStore;
  readonly cache: Pick<ConfigurationCache, 'forget'>;
  readonly notify: Notify;
  readonly clock: { readonly now: () => number };
}

/** Races that are tried again before they are given up; the next failure tries again. */
const writeTries = 20;

/** Disables an endpoint in the hub's own name and tells the host, once. One that the tenant has moved to another URL meanwhile stays as it is. */
export async function disableFailing(
  options: DisableEndpointOptions,
  { tenant, id }: EndpointPlace,
  { reason, url }: { readonly reason: NonNullable<EndpointRecord['disabled']>['reason']; readonly url: string },
): Promise<void> {
  const { store, gates, cache, notify, clock } = options;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await store.get(tenant, 'endpoint', id);
    if (!row || row.value.disabled || row.value.url !== url) return;
    const at = Math.floor(clock.now());
    const value: EndpointRecord = { ...row.value, disabled: { reason, at } };
    const verdict = await store.write(tenant, [{ put: 'endpoint', id, name: row.name, expect: row.version, value }]);
    if (verdict.status === 'conflict') continue;
    cache.forget(tenant);
    await alignEndpointGate({ store, gates }, { tenant, id });
    notify('endpoint.disabled', { tenant, endpointId: id, name: row.name, reason, at });
    return;
  }
}
