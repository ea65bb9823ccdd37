import type { Telemetry } from '../../telemetry/telemetry.ts';

/** A request to an endpoint that somebody watches. */
export interface ObservedDelivery {
  /** What the endpoint is told of the trace. */
  readonly headers: Readonly<Record<string, string>>;
  ended(end: { readonly status: number | null; readonly code: string | undefined; readonly durationMs: number }): void;
}

/** Where a delivery goes. Of its URL only the host is told: a path or a query can be a secret. */
export interface DeliveryTarget {
  readonly tenant: string;
  readonly endpoint: string;
  /** The event's id. */
  readonly root: string;
  readonly url: URL;
}

const untold: Readonly<Record<string, string>> = {};

/** Begins the span of a request to an endpoint, and measures it when it ends. `null` where nobody wants to know. */
export function observeDelivery(
  telemetry: Telemetry | undefined,
  { tenant, endpoint, root, url }: DeliveryTarget,
): ObservedDelivery | null {
  const { tracing = null, metering = null, traceparentToEndpoints = false } = telemetry ?? {};
  if (!tracing && !metering) return null;
  const span = tracing?.begin({
    name: 'send delivery',
    kind: 'producer',
    root,
    attributes: {
      'messaging.system': 'patchbay',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'delivery',
      'http.request.method': 'POST',
      'server.address': url.hostname,
      'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      'patchbay.tenant': tenant,
      'patchbay.endpoint': endpoint,
    },
  });
  return {
    headers: span && traceparentToEndpoints ? { traceparent: span.traceparent() } : untold,
    ended({ status, code, durationMs }) {
      const outcome = code === undefined ? 'succeeded' : 'failed';
      const told = { 'http.response.status_code': status ?? undefined, 'patchbay.outcome': outcome };
      span?.set(told);
      if (code !== undefined) span?.fail(code);
      span?.end();
      metering?.record('patchbay.delivery.duration', durationMs / 1_000, { ...told, 'error.type': code }, tenant);
    },
  };
}
