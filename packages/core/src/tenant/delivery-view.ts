import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { AttemptRecord, DispatchRecord, DispatchStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import { type Exchange, readExchange } from '../webhooks/outbound/exchange.ts';
import { endpointOf } from './delivery-filter.ts';
import type { StoredEvent } from './stored-event.ts';
import type { TenantScope } from './tenant-services.ts';

/** One event on its way to one endpoint. Times are milliseconds since 1970 on the store's clock. */
export interface Delivery {
  /** Id of the dispatch. */
  readonly id: string;
  readonly endpointId: string;
  /** The endpoint's name as it is now; `null` where it was deleted. */
  readonly endpoint: string | null;
  /** Also the `webhook-id` of every attempt. */
  readonly eventId: string;
  /** Type of the event. */
  readonly type: string;
  /** 0 for the first time, the number of the replay otherwise. */
  readonly replay: number;
  readonly status: DispatchStatus;
  /** Why it waits, where it does: what closes the endpoint's lane (`disabled`, `breaker`), or what happened before (`retry`). */
  readonly reason: string | null;
  /** Starts at 1; a retry opens the next. */
  readonly round: number;
  /** Attempts of this round. */
  readonly attemptCount: number;
  readonly createdAt: number;
  /** When it is tried next, where it waits. */
  readonly dueAt: number;
  readonly finishedAt: number | null;
  /** Of the last attempt. */
  readonly error: ErrorRecord | null;
}

/** One try at a delivery. */
export interface DeliveryAttempt {
  /** Counts from 1 over all rounds. */
  readonly number: number;
  readonly round: number;
  readonly outcome: AttemptRecord['outcome'];
  readonly startedAt: number;
  /** Milliseconds; `null` for a crash, and for an endpoint that was not reached. */
  readonly durationMs: number | null;
  readonly error: ErrorRecord | null;
  /** Milliseconds until the next try, or `null`. */
  readonly retryInMs: number | null;
  /** What went over the wire; `null` where nothing was tried. */
  readonly exchange: Exchange | null;
}

/** A delivery with all that is kept of it. */
export interface DeliveryDetail extends Delivery {
  /** In order of their number. */
  readonly attempts: readonly DeliveryAttempt[];
  /** What is delivered; `null` where it is not kept any more. */
  readonly event: StoredEvent | null;
}

/** Deliveries as the host sees them, with what closes the lane of those that wait. */
export async function viewDeliveries(scope: TenantScope, records: readonly DispatchRecord[]): Promise<readonly Delivery[]> {
  const { tenant, storage, cache } = scope;
  if (records.length === 0) return [];
  const { endpoints } = await cache.read(tenant);
  const names = new Map(endpoints.map(({ id, name }) => [id, name]));
  const closed = records.some(({ status }) => status === 'pending') ? await storage.gates.list(tenant) : [];
  const reasons = new Map(closed.map(({ lane, reason }) => [lane, reason]));
  return records.map((record) => {
    const { key, operation, status, round, attempts, createdAt, dueAt, finishedAt, error, lane } = record;
    const endpointId = endpointOf(key);
    return {
      ...{ id: formatDispatchId(key), endpointId, endpoint: names.get(endpointId) ?? null, eventId: key.root, type: operation },
      ...{ replay: key.replay, status, reason: (status === 'pending' ? reasons.get(lane) : undefined) ?? record.reason, round },
      ...{ attemptCount: attempts, createdAt, dueAt, finishedAt, error },
    };
  });
}

/** An attempt as the host sees it. How long it took to find out that nothing is reached would tell what is inside the host's network. */
export function viewDeliveryAttempt(attempt: AttemptRecord): DeliveryAttempt {
  const { number, round, outcome, startedAt, error, retryInMs } = attempt;
  const exchange = readExchange(attempt.exchange);
  const durationMs = exchange !== null && exchange.timing === null ? null : attempt.durationMs;
  return { number, round, outcome, startedAt, durationMs, error, retryInMs, exchange };
}
