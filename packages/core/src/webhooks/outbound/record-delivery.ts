import type { Outcome } from '../../contracts/executor.ts';
import { failureOf } from '../../errors/failure-of.ts';
import { retryAfterMs } from '../../gateway/retry-after.ts';
import type { Logger } from '../../logger/logger.ts';
import { type DisableEndpointOptions, disableFailing } from './disable-endpoint.ts';
import type { Admission, EndpointHealth, EndpointPlace } from './endpoint-health.ts';
import type { EndpointSlots } from './endpoint-slots.ts';
import { exchangeText } from './exchange.ts';
import type { SentDelivery } from './send-delivery.ts';

/** What recording needs. */
export interface RecordDeliveryOptions {
  readonly health: EndpointHealth;
  readonly slots: Pick<EndpointSlots, 'pause'>;
  readonly disable: DisableEndpointOptions;
  readonly logger: Logger;
}

/** A delivery that was sent, and what it was let in with. */
export interface RecordInput {
  readonly place: EndpointPlace;
  readonly url: string;
  readonly admission: Admission;
  readonly sent: SentDelivery;
}

/**
 * The outcome of a delivery, with what it means for its endpoint: counted as success or failure, slowed after 429 and 503, disabled after 410 and five
 * days of failure. What cannot be written of that leaves the outcome as it is.
 */
export async function recordDelivery(options: RecordDeliveryOptions, input: RecordInput): Promise<Outcome> {
  const { sent, place } = input;
  const outcome = { ...sent.outcome, exchange: exchangeText(sent.exchange) };
  try {
    if (outcome.outcome === 'succeeded') {
      await options.health.succeeded(place, input.admission);
      return outcome;
    }
    return { ...outcome, ...(await consequences(options, input)) };
  } catch (error) {
    options.logger.warn('what a delivery means for its endpoint could not be written', { endpoint: place.id, ...failureOf(error) });
    return outcome;
  }
}

/** Milliseconds for which this process holds back what it has been handed already; the gate of the lane keeps the rest away for longer. */
const longestPauseMs = 5_000;

type Consequences = Pick<Extract<Outcome, { outcome: 'failed' }>, 'retryAfterMs' | 'closeLane'>;

async function consequences(
  { health, slots, disable }: RecordDeliveryOptions,
  { place, url, admission, sent }: RecordInput,
): Promise<Consequences> {
  const status = sent.answer?.status;
  const throttled = status === 429 || status === 503;
  const { isLasting, slowMs, brokenMs } = await health.failed(place, admission, { throttled });
  if (status === 410 || isLasting) await disableFailing(disable, place, { reason: status === 410 ? 'gone' : 'failing', url });
  const asked = retryAfterMs(sent.answer?.headers['retry-after'], disable.clock.now()) ?? 0;
  const waitMs = Math.max(asked, slowMs);
  const pauseMs = Math.min(longestPauseMs, throttled ? Math.max(brokenMs, waitMs) : brokenMs);
  if (pauseMs > 0) slots.pause(place, pauseMs);
  return { ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}), ...(throttled ? { closeLane: 'rate_limited' as const } : {}) };
}
