import { createHash } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { Network } from '../../net/create-network.ts';
import type { NetworkResponse } from '../../net/network-request.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { DeliveryBody } from './delivery-body.ts';
import { deliveryHeaders } from './delivery-headers.ts';
import type { EndpointKeys } from './endpoint-keys.ts';
import { type Exchange, keptAnswer } from './exchange.ts';
import { observeDelivery } from './observe-delivery.ts';
import { type Delivered, outcomeOfAnswer, outcomeOfFailure } from './outcome-of-answer.ts';
import { signDelivery } from './sign-delivery.ts';

/** Milliseconds for one try, from the first look-up to the last byte of the answer. */
export const deliveryTimeoutMs = 20_000;

/** Milliseconds until a connection is ready. */
const connectMs = 10_000;

/** Bytes of an answer that are read; then the connection is destroyed. */
const readBytes = 65_536;

/** What sending needs. */
export interface SendDeliveryOptions {
  readonly network: Pick<Network, 'request' | 'check'>;
  readonly keys: EndpointKeys;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly userAgent: string;
  /** @default nobody is told */
  readonly telemetry?: Telemetry;
}

/** One signed request to an endpoint. */
export interface DeliveryRequest {
  readonly tenant: string;
  readonly row: Row<'endpoint'>;
  /** The event's id. */
  readonly id: string;
  readonly body: DeliveryBody;
  readonly signal?: AbortSignal | undefined;
  /** Monotonic time after which nothing may be sent. */
  readonly deadline: () => number;
}

/** What became of it; `answer` is what was read, for who must look into it. */
export interface SentDelivery extends Delivered {
  readonly exchange: Exchange;
  readonly answer: NetworkResponse | null;
  /** From the first look-up of its name to the end of the answer, milliseconds. */
  readonly totalMs: number;
}

/**
 * Signs a body for this very second and sends it once, through the guarded network. Resolves whatever the endpoint does; `null`: the time was over
 * before anything was sent. Rejects with what the vault throws.
 */
export async function sendDelivery(options: SendDeliveryOptions, request: DeliveryRequest): Promise<SentDelivery | null> {
  const { network, clock, userAgent } = options;
  const { tenant, row, id, body, signal } = request;
  const keys = await options.keys.of(tenant, row);
  const url = new URL(row.value.url);
  const timestamp = Math.floor(clock.now() / 1_000);
  const signature = signDelivery({ id, timestamp, body: body.text }, keys);
  const startedAt = clock.monotonic();
  const left = Math.min(deliveryTimeoutMs, request.deadline() - startedAt);
  if (left <= 0 || signal?.aborted) return null;
  const timeouts = { connectMs: Math.min(connectMs, left), headersMs: left, bodyMs: left, totalMs: left };
  const observed = observeDelivery(options.telemetry, { tenant, endpoint: row.id, root: id, url });
  const custom = { ...observed?.headers, ...row.value.headers };
  const headers = deliveryHeaders({ id, timestamp, signature, body, userAgent, custom });
  let delivered: Delivered;
  let answer: NetworkResponse | null = null;
  try {
    answer = await network.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: headers.sent,
      body: body.text,
      signal,
      timeouts,
      maxResponseBytes: readBytes,
      overflow: 'truncate',
    });
    delivered = outcomeOfAnswer(answer);
  } catch (error) {
    delivered = outcomeOfFailure(error);
  }
  const totalMs = Math.round(clock.monotonic() - startedAt);
  const { outcome } = delivered;
  const code = outcome.outcome === 'failed' ? outcome.error.code : undefined;
  observed?.ended({ status: answer?.status ?? null, code, durationMs: totalMs });
  const exchange: Exchange = {
    request: {
      method: 'POST',
      url: row.value.url,
      headers: headers.logged,
      bodyBytes: Buffer.byteLength(body.text),
      bodySha256: createHash('sha256').update(body.text).digest('hex'),
    },
    response: answer && keptAnswer(answer),
    errorClass: delivered.errorClass,
    sent: delivered.sent,
    timing: delivered.errorClass === 'unreachable' ? null : timingOf(answer, totalMs),
  };
  return { ...delivered, exchange, answer, totalMs };
}

function timingOf(answer: NetworkResponse | null, totalMs: number): NonNullable<Exchange['timing']> {
  const { connectMs, firstByteMs } = answer?.timing ?? {};
  const whole = (time: number | undefined): number | null => (time === undefined ? null : Math.round(time));
  return { connectMs: whole(connectMs), firstByteMs: whole(firstByteMs), totalMs };
}
