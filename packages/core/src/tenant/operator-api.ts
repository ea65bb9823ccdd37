import { PatchbayError } from '../errors/patchbay-error.ts';
import { type AlertsApi, alertsApi } from './alerts-api.ts';
import { checkActor } from './check-actor.ts';
import { isName } from './check-text.ts';
import { createHubScope, createScope } from './create-scope.ts';
import { type OperatedTenant, operatedTenant } from './operated-tenant.ts';
import { type OperatedTenants, operatedTenants } from './operated-tenants.ts';
import { recordAct } from './record-act.ts';
import type { TenantServices } from './tenant-services.ts';

/** Who looks after tenants, and why just now; both stand in every record. */
export interface OperatorOptions {
  /** The person, as the host calls them; 1 to 200 characters. */
  readonly actor: string;
  /** 1 to 200 characters, such as the number of a ticket. */
  readonly reason: string;
}

/** The second way in, for who looks after tenants. Every look and act is recorded in the tenant's chain before it is done. */
export interface OperatorHandle {
  /** Throws `tenant_missing`. */
  tenant(id: string): OperatedTenant;
  /**
   * Shuts a connector down and initializes it anew, in this process at once and in the others within a minute; where its actions wait
   * because it kept a process busy, they go on. Throws `unknown_connector`, and what the
   * connector's own code throws here. Recorded in the hub's own chain.
   */
  restartConnector(id: string): Promise<void>;
  /** Connectors whose actions wait in this process because their code kept it busy, and for how many milliseconds more. */
  heldConnectors(): readonly { readonly connector: string; readonly leftMs: number }[];
  /** All tenants, or those that have a connection of a connector. */
  readonly tenants: OperatedTenants;
  /** Rules of alerts over all tenants, told to functions of the host. */
  readonly alerts: AlertsApi;
}

/** Makes an operator's handle. Throws `invalid_argument` for an actor or a reason that is none. */
export function createOperatorHandle(services: TenantServices, { actor: id, reason }: OperatorOptions): OperatorHandle {
  const actor = checkActor({ kind: 'operator', id });
  if (!isName(reason))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'An operator says why: a reason of 1 to 200 characters without control characters.',
    });
  const who = { actor, remarks: { reason } };
  const tenant = (name: string): OperatedTenant => operatedTenant(createScope(services, name, who));
  const hub = createHubScope(services, who);
  return Object.freeze({
    tenant,
    tenants: operatedTenants(hub, tenant),
    alerts: alertsApi(hub),
    async restartConnector(name: string) {
      await hub.ready();
      const connector = hub.registry.get(name);
      await recordAct(hub, { action: 'operator.restart_connector', object: { type: 'connector', id: connector.id } });
      await hub.restartConnector(connector.id);
    },
    heldConnectors: services.watch.held,
  });
}
