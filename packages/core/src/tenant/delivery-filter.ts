import type { DispatchKey, DispatchRecord, DispatchStatus } from '../contracts/dispatch-records.ts';
import type { DispatchFilter } from '../contracts/history-store.ts';
import { firstIdAt } from '../id/id-time.ts';
import { isUuid } from '../id/is-uuid.ts';
import { deliveryHandler, endpointTarget } from '../webhooks/outbound/endpoint-target.ts';
import { isName, isReference } from './check-text.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which deliveries; every field narrows. The window is of the times at which their events were taken in. */
export interface DeliveryFilter extends TimeWindow {
  /** An endpoint's name or id; those of a deleted one are found by its id. @default any */
  readonly endpoint?: string;
  /** Type of the event. @default any */
  readonly type?: string;
  readonly status?: DispatchStatus;
}

/** The store's filter; `null` where nothing can be found. Throws `invalid_argument` for a window that is none. */
export async function deliveryFilter(scope: TenantScope, filter: DeliveryFilter): Promise<DispatchFilter | null> {
  const { endpoint, type, status, from, to } = filter;
  checkWindow({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const target = endpoint === undefined ? undefined : await targetOf(scope, endpoint);
  if (target === null || (type !== undefined && !isName(type))) return null;
  return {
    ...(target === undefined ? {} : { target }),
    ...(type === undefined ? {} : { operation: type }),
    ...(status === undefined ? {} : { status }),
    ...(from === undefined ? {} : { from: firstIdAt(from) }),
    ...(to === undefined ? {} : { below: firstIdAt(to) }),
  };
}

/** True for a dispatch that delivers an event to an endpoint. */
export const isDelivery = ({ handler }: Pick<DispatchRecord, 'handler'>): boolean => handler === deliveryHandler;

/** Id of the endpoint that a delivery goes to. */
export const endpointOf = ({ target }: DispatchKey): string => target.slice(target.indexOf(':') + 1);

/** A list has nothing of what is not there, whether it is another tenant's or nobody's. */
async function targetOf({ tenant, storage }: TenantScope, reference: string): Promise<string | null> {
  if (isUuid(reference)) return endpointTarget(reference);
  const row = isReference(reference) ? await storage.configuration.find(tenant, 'endpoint', reference) : null;
  return row ? endpointTarget(row.id) : null;
}
