import { parseDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { BulkRequest } from './bulk-request.ts';
import { invalid } from './bulk-request.ts';
import { endpointOf } from './delivery-filter.ts';
import { endpointRow } from './endpoint-row.ts';
import { notFound } from './not-found.ts';
import { recordAct } from './record-act.ts';
import { replayEvent } from './replay-event.ts';
import { replayMany } from './replay-many.ts';
import type { ReplayManyResult, ReplayProgress } from './replay-tally.ts';
import { requireEndpoint } from './require-endpoint.ts';
import { retryMany } from './retry-many.ts';
import type { RetryManyRequest } from './retry-many-request.ts';
import type { RetryManyResult } from './retry-tally.ts';
import type { TenantScope } from './tenant-services.ts';

/** How one delivery is replayed. */
export interface DeliveryReplay {
  /** The same key on the same delivery's event is the same replay. @default every call is one of its own */
  readonly idempotencyKey?: string;
}

/** Which deliveries of an endpoint get a new round. The window is of the times at which they ended. */
export interface DeliveryRetryRequest
  extends Pick<
    RetryManyRequest,
    'from' | 'to' | 'limit' | 'cursor' | 'dryRun' | 'signal' | 'onProgress' | 'idempotencyKey' | 'code' | 'status' | 'type'
  > {
  /** Its name or id. */
  readonly endpoint: string;
}

/** Which events are delivered to an endpoint again. The window is of the times at which they were stored. */
export interface DeliveryReplayRequest extends BulkRequest<ReplayProgress> {
  /** Its name or id; it must be receiving. */
  readonly endpoint: string;
  /** Events since this time, milliseconds since 1970 on the store's clock. */
  readonly from: number;
  /** A type, or a pattern as `subscribe` takes it. @default every type */
  readonly type?: string;
  /** `dead`: those that are dead or cancelled there. `any`: those that were delivered, or are under way, too. @default 'dead' */
  readonly status?: 'dead' | 'any';
  /** Also events that were never meant for it, because it was made, enabled or changed after they came, where they would be now. @default false */
  readonly includeMissed?: boolean;
  /** A call that is repeated with the same key is the same replay; a dry run needs none. */
  readonly idempotencyKey?: string;
}

/** Opens a new round for many deliveries of an endpoint. */
export async function retryDeliveries(scope: TenantScope, { endpoint, ...request }: DeliveryRetryRequest): Promise<RetryManyResult> {
  // Without an endpoint it would be a retry of everything that there is.
  const { id } = await endpointRow(scope, endpoint);
  return retryMany(scope, { ...request, endpoint: id });
}

/** Delivers one event to the endpoint of this delivery again. Answers the new delivery. */
export async function replayDelivery(
  scope: TenantScope,
  { key }: DispatchRecord,
  { idempotencyKey }: DeliveryReplay,
): Promise<DispatchRecord> {
  const { tenant, storage } = scope;
  const { id } = await requireEndpoint(scope, endpointOf(key));
  const event = await storage.history.event(tenant, key.root);
  if (!event) throw notFound('event');
  await recordAct(scope, {
    action: 'delivery.replay',
    object: { type: 'endpoint', id },
    correlation: event.id,
    details: { type: event.type },
  });
  const keyed = idempotencyKey === undefined ? {} : { idempotencyKey };
  const { result } = await replayEvent(scope, event, { all: true, only: key.target, ...keyed });
  const started = parseDispatchId(tenant, result.dispatchIds[0] ?? '');
  const record = started && (await storage.history.dispatch(started));
  if (record) return record;
  throw new PatchbayError({
    code: 'conflict',
    message: 'The endpoint receives nothing now, so nothing was started. Verify it, or enable it, first.',
  });
}

/** Delivers many events to one endpoint again. */
export async function replayDeliveries(
  scope: TenantScope,
  { endpoint, status = 'dead', includeMissed = false, idempotencyKey, ...request }: DeliveryReplayRequest,
): Promise<ReplayManyResult> {
  const { id } = await endpointRow(scope, endpoint);
  if (request.from === undefined) throw invalid('Say since when events are delivered again: from, in milliseconds since 1970.');
  if (status !== 'dead' && status !== 'any') throw invalid("The status of what is delivered again is 'dead' or 'any'.");
  if (typeof includeMissed !== 'boolean') throw invalid('includeMissed is true or false.');
  const query = { ...request, endpoint: id, all: status === 'any', unmatched: includeMissed ? 'plan' : 'skip' } as const;
  if (idempotencyKey !== undefined) return replayMany(scope, { ...query, idempotencyKey });
  if (request.dryRun === true) return replayMany(scope, { ...query, dryRun: true });
  throw invalid('Delivering many again needs an idempotency key, so that it can be called again when it is interrupted. Pass one.');
}
