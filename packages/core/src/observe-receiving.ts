import type { Clock } from './clock/clock.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import { replyOfError } from './http/reply-of-error.ts';
import type { GenerateId } from './id/generate-id.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { OpenSpan, Tracing } from './telemetry/tracing.ts';
import type { DoorAnswer } from './webhooks/inbound/door/door-answer.ts';
import type { InboundRequest } from './webhooks/inbound/inbound-request.ts';
import type { ReceiveOptions } from './webhooks/inbound/receive-options.ts';

type Receive = (options: ReceiveOptions, request: InboundRequest) => Promise<DoorAnswer>;

/** What watching the door needs. */
export interface ObserveReceivingOptions {
  readonly telemetry: Telemetry;
  readonly registry: Pick<ConnectorRegistry, 'find'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly generateId: GenerateId;
  /** Path of the public address. */
  readonly basePath: string;
}

/** What is known of a request before it is looked at. */
interface Arrival {
  readonly 'http.request.method': string;
  readonly 'http.route': string;
  readonly 'patchbay.connector': string;
}

/** Receiving with a span and a duration for each request; as it was where nobody wants to know. */
export function observeReceiving(observe: ObserveReceivingOptions, receive: Receive): Receive {
  const { tracing, metering } = observe.telemetry;
  if (!tracing && !metering) return receive;
  return async (options, request) => {
    const startedAt = observe.clock.monotonic();
    const arrival = arrivalOf(observe, request);
    // The first event of the request has the id that its trace is called by: so the span of the request stands in the event's trace.
    const root = observe.generateId();
    const span = tracing ? beginSpan(tracing, { root, arrival, request }) : null;
    const within = span ? { ...options, generateId: firstOf(root, options.generateId) } : options;
    const ended = (status: number, code?: string): void => {
      if (span) endSpan(span, status, code);
      const seconds = (observe.clock.monotonic() - startedAt) / 1_000;
      metering?.record('http.server.request.duration', seconds, { ...arrival, 'http.response.status_code': status, 'error.type': code });
    };
    try {
      const answer = await (span ? span.within(() => receive(within, request)) : receive(within, request));
      ended(answer.status);
      return answer;
    } catch (error) {
      const { status } = replyOfError(error);
      ended(status, String(status));
      throw error;
    }
  };
}

function beginSpan(
  tracing: Tracing,
  { root, arrival, request }: { readonly root: string; readonly arrival: Arrival; readonly request: InboundRequest },
): OpenSpan {
  const name = `${arrival['http.request.method']} ${arrival['http.route']}`;
  return tracing.begin({ name, kind: 'server', root, attributes: { ...arrival }, quoted: request.headers['traceparent'] });
}

/** Of what a stranger did wrong the server is not the one that failed. Source: semantic conventions 1.40, HTTP server spans, "Status". */
function endSpan(span: OpenSpan, status: number, code: string | undefined): void {
  span.set({ 'http.response.status_code': status, ...(code === undefined ? {} : { 'error.type': code }) });
  if (status >= 500) span.fail(code ?? String(status));
  span.end();
}

/** A connector's name only where there is such a connector: the rest of the URL may be anybody's invention. */
function arrivalOf({ registry, basePath }: ObserveReceivingOptions, request: InboundRequest): Arrival {
  const { method, connector, registration, receiver } = request;
  const route = receiver !== undefined ? '/hooks/:receiver' : `/webhooks/:connector${registration === null ? '' : '/:registration'}`;
  return {
    'http.request.method': method,
    'http.route': `${basePath}${route}`,
    'patchbay.connector': receiver === undefined ? (registry.find(connector)?.id ?? 'unknown') : 'receiver',
  };
}

/** Gives the first id out once, and new ones from then on. */
function firstOf(first: string, generateId: GenerateId): GenerateId {
  let isTaken = false;
  return () => {
    if (isTaken) return generateId();
    isTaken = true;
    return first;
  };
}
