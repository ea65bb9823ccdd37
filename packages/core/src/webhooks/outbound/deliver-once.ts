import type { Outcome } from '../../contracts/executor.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import type { DeliveryStatistics } from './delivery-statistics.ts';
import type { EndpointSlots } from './endpoint-slots.ts';
import { exchangeText } from './exchange.ts';
import { type RecordDeliveryOptions, recordDelivery } from './record-delivery.ts';
import { type DeliveryRequest, type SendDeliveryOptions, type SentDelivery, sendDelivery } from './send-delivery.ts';

/** What one try at an endpoint needs. */
export interface DeliverOnceOptions extends SendDeliveryOptions, RecordDeliveryOptions {
  readonly statistics: Pick<DeliveryStatistics, 'record'>;
  readonly slots: EndpointSlots;
}

/** One signed request, and the type that its figures are counted under. */
export interface OnceRequest extends DeliveryRequest {
  readonly type: string;
}

/** Sends where the endpoint can take it now, and says what that means for the endpoint. */
export async function deliverOnce(options: DeliverOnceOptions, request: OnceRequest): Promise<Outcome> {
  const { slots, health } = options;
  const { row, tenant } = request;
  const place = { tenant, id: row.id };
  const slot = await slots.enter(place, row.value);
  if (typeof slot === 'number') return { outcome: 'deferred', delayMs: slot, reason: 'endpoint_busy' };
  try {
    const admission = await health.admit(place);
    if (typeof admission === 'number') return { outcome: 'deferred', delayMs: admission, reason: 'breaker' };
    const sent = await send(options, request);
    const isTried = 'exchange' in sent && 'sent' in sent;
    if (isTried && !isStoppedHere(sent)) {
      options.statistics.record({ tenant, row, type: request.type, sent });
      return await recordDelivery(options, { place, url: row.value.url, admission, sent });
    }
    await health.withdraw(admission);
    return isTried ? { ...sent.outcome, exchange: exchangeText(sent.exchange) } : sent;
  } finally {
    slot.release();
  }
}

/** True where this process gave up, because it stops or has lost its lease: that says nothing about the endpoint. */
function isStoppedHere({ outcome }: SentDelivery): boolean {
  return outcome.outcome === 'failed' && (outcome.error.code === 'aborted' || outcome.error.code === 'stopped');
}

async function send(options: DeliverOnceOptions, request: OnceRequest): Promise<SentDelivery | Outcome> {
  try {
    return (await sendDelivery(options, request)) ?? { outcome: 'deferred', delayMs: 0, reason: 'lease_lost' };
  } catch (error) {
    // The vault: what may pass is tried again, and nothing has been sent.
    return { outcome: 'failed', error: toErrorRecord(error), retryable: !isPatchbayError(error) || error.retryable };
  }
}
