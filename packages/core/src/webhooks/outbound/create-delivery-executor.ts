import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import { sameRevision } from '../../configuration/same-revision.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { ClaimedDispatch, EventRecord } from '../../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Outcome, Work } from '../../contracts/executor.ts';
import type { HistoryStore } from '../../contracts/history-store.ts';
import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { decodeUtf8 } from '../../json/decode-utf8.ts';
import { type DeliverOnceOptions, deliverOnce } from './deliver-once.ts';
import { deliveryBody } from './delivery-body.ts';
import { readDeliveryInput } from './delivery-input.ts';
import { deliveryAttempts, deliveryBackoff } from './delivery-schedule.ts';
import { deliveryHandler, isReceiving } from './endpoint-target.ts';
import { deliveryTimeoutMs } from './send-delivery.ts';

/** What executing deliveries needs. */
export interface DeliveryExecutorOptions extends DeliverOnceOptions {
  readonly cache: ConfigurationCache;
  readonly history: Pick<HistoryStore, 'event'>;
  /** Crashes of a round before a delivery is dead. */
  readonly maximumCrashes: number;
}

/** Milliseconds for which an endpoint is used without asking the store whether it has changed in another process. */
const trustedFor = 1_000;

/** Milliseconds until a delivery whose endpoint receives nothing is looked at again; normally its lane is closed until then. */
const lookAgainIn = 60_000;

/** Executes deliveries: one signed request for each attempt, the same body and `webhook-id` every time. */
export function createDeliveryExecutor(options: DeliveryExecutorOptions): Executor {
  return {
    handler: deliveryHandler,
    policy: () => policyOf(options),
    fullLanes: options.slots.full,
    async execute(work) {
      const prepared = await prepare(options, work);
      if ('outcome' in prepared) return prepared;
      try {
        const { row, event, data, payload } = prepared;
        const body = deliveryBody({ event, data, payload });
        const { tenant } = work.dispatch.key;
        return await deliverOnce(options, {
          tenant,
          row,
          id: event.id,
          type: event.type,
          body,
          signal: work.signal,
          deadline: () => work.deadline,
        });
      } catch (error) {
        // A store that is away, before anything was sent.
        return { outcome: 'failed', error: toErrorRecord(error), retryable: true };
      }
    },
  };
}

/** Receivers know a repeated delivery by its `webhook-id`, so it is repeated whatever became of the one before. */
function policyOf({ maximumCrashes }: DeliveryExecutorOptions): ExecutionPolicy {
  return {
    idempotency: 'keyed',
    maximumAttempts: deliveryAttempts,
    maximumCrashes,
    timeoutMs: deliveryTimeoutMs,
    retryWithinMs: Number.POSITIVE_INFINITY,
    keyLifetimeMs: Number.POSITIVE_INFINITY,
    settlesWithinMs: 0,
    onUnknown: 'retry',
    backoffMs: deliveryBackoff,
  };
}

interface Prepared {
  readonly row: Row<'endpoint'>;
  readonly event: EventRecord;
  readonly data: string;
  /** As it was planned: what its endpoint has by now is for what comes later. */
  readonly payload: EndpointRecord['payload'];
}

/** Everything that a delivery needs, or what becomes of it where that is not there. Nothing is sent. */
async function prepare({ cache, history }: DeliveryExecutorOptions, { dispatch }: Work): Promise<Prepared | Outcome> {
  const { fault, data, payload = 'standard' } = readDeliveryInput(dispatch.input);
  if (fault !== undefined) return final(fault);
  const { tenant, root } = dispatch.key;
  try {
    const row = await endpointOf(cache, dispatch);
    if (!row) return final({ code: 'cancelled', message: 'The endpoint was deleted before the event was delivered.' });
    if (!isReceiving(row)) return { outcome: 'deferred', delayMs: lookAgainIn, reason: 'disabled' };
    const event = await history.event(tenant, root);
    if (!event) return final({ code: 'not_found', message: 'The event is no longer kept. Keep events longer than deliveries may fail.' });
    const text = data ?? (event.data.codec === 'plain' ? decodeUtf8(event.data.bytes) : undefined);
    if (text === undefined)
      return final({ code: 'unsupported', message: 'The event is stored as this version cannot read it. Update the package.' });
    return { row, event, data: text, payload };
  } catch (error) {
    // Nothing was sent: a store that is away is a failure to be tried again.
    return { outcome: 'failed', error: toErrorRecord(error), retryable: true };
  }
}

async function endpointOf(cache: ConfigurationCache, { key, plannedWith }: ClaimedDispatch): Promise<Row<'endpoint'> | undefined> {
  const id = key.target.slice(key.target.indexOf(':') + 1);
  const known = plannedWith && cache.peek(key.tenant);
  const recent = known && sameRevision(known.revision, plannedWith) ? known : await cache.recent(key.tenant, trustedFor);
  const row = recent.endpoint(id);
  // It may have been put or enabled in another process a moment ago.
  return row && isReceiving(row) ? row : (await cache.current(key.tenant)).endpoint(id);
}

function final(error: Extract<Outcome, { outcome: 'failed' }>['error']): Outcome {
  return { outcome: 'failed', error, retryable: false };
}
