import { parseDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import { amendDispatch, reopening } from './amend-dispatch.ts';
import { checkStatus } from './check-status.ts';
import { type DeliveryFilter, deliveryFilter, endpointOf, isDelivery } from './delivery-filter.ts';
import { type Delivery, type DeliveryDetail, viewDeliveries, viewDeliveryAttempt } from './delivery-view.ts';
import { dispatchStatuses } from './dispatch-view.ts';
import { notFound } from './not-found.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import {
  type DeliveryReplay,
  type DeliveryReplayRequest,
  type DeliveryRetryRequest,
  replayDeliveries,
  replayDelivery,
  retryDeliveries,
} from './redeliver.ts';
import type { ReplayManyResult } from './replay-tally.ts';
import { requireEndpoint } from './require-endpoint.ts';
import type { RetryManyResult } from './retry-tally.ts';
import { toStoredEvent } from './stored-event.ts';
import type { TenantScope } from './tenant-services.ts';

/** What went out to the tenant's endpoints, and what is on its way. Whatever sends an event again, its `webhook-id` stays the event's id. */
export interface DeliveriesApi {
  /** Newest events first. A page may hold fewer than asked for while there is a cursor, where no endpoint is named. */
  list(filter?: DeliveryFilter & ListOptions): Promise<Page<Delivery>>;
  /** One with its attempts, what went over the wire in each, and its event. */
  get(id: string): Promise<DeliveryDetail>;
  /** Redelivers one that is dead, held or cancelled: the same delivery, a new round of attempts. Throws `conflict` for one that waits or has succeeded. */
  retry(id: string): Promise<Delivery>;
  /** The same for many of one endpoint, oldest first: those that ended in a window. Capped, with a dry run, and each once however often it is called with its key. */
  retryMany(request: DeliveryRetryRequest): Promise<RetryManyResult>;
  /** Delivers its event to its endpoint once more, as it is now, whatever became of it: a new delivery. */
  replay(id: string, options?: DeliveryReplay): Promise<Delivery>;
  /**
   * Delivers to one endpoint again what was taken in since a time, oldest first: what is dead, or everything, for one that has lost data; also what
   * came before the endpoint did. Capped, with a dry run, behind live work, and each event once however often it is called with its key.
   */
  replayMany(request: DeliveryReplayRequest): Promise<ReplayManyResult>;
}

/** Pages of the store that are read at most until a delivery is found among other dispatches. */
const mostPages = 20;

/** The deliveries part of a tenant's endpoints. */
export function deliveriesApi(scope: TenantScope): DeliveriesApi {
  const { tenant, storage } = scope;
  const read = async (id: string): Promise<DispatchRecord> => {
    await scope.ready();
    const key = parseDispatchId(tenant, id);
    const record = key ? await storage.history.dispatch(key) : null;
    if (!record || !isDelivery(record)) throw notFound('delivery');
    return record;
  };
  const view = async (record: DispatchRecord): Promise<Delivery> => {
    const [delivery] = await viewDeliveries(scope, [record]);
    if (!delivery) throw notFound('delivery');
    return delivery;
  };
  return {
    list: (filter = {}) => listDeliveries(scope, filter),
    async get(id) {
      const record = await read(id);
      const [attempts, event] = await Promise.all([storage.history.attempts(record.key), storage.history.event(tenant, record.key.root)]);
      return { ...(await view(record)), attempts: attempts.map(viewDeliveryAttempt), event: event && toStoredEvent(event) };
    },
    async retry(id) {
      const record = await read(id);
      await requireEndpoint(scope, endpointOf(record.key));
      await amendDispatch(scope, reopening(['dead', 'held', 'cancelled']), () => read(id));
      return view(await read(id));
    },
    retryMany: (request) => retryDeliveries(scope, request),
    replay: async (id, options = {}) => view(await replayDelivery(scope, await read(id), options)),
    replayMany: (request) => replayDeliveries(scope, request),
  };
}

async function listDeliveries(
  scope: TenantScope,
  { cursor = null, limit = 50, ...given }: DeliveryFilter & ListOptions,
): Promise<Page<Delivery>> {
  await scope.ready();
  checkStatus({ of: 'delivery', status: given.status, known: dispatchStatuses });
  const request = pageRequest({ cursor, limit });
  const filter = await deliveryFilter(scope, given);
  if (filter === null) return { items: [], cursor: null };
  for (let pages = 1, next = request.cursor; ; pages += 1) {
    const page = await scope.storage.history.dispatches(scope.tenant, filter, { ...request, cursor: next });
    const found = page.items.filter(isDelivery);
    if (found.length > 0 || page.cursor === null || pages === mostPages)
      return { items: await viewDeliveries(scope, found), cursor: page.cursor };
    next = page.cursor;
  }
}
