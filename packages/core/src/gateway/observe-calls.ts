import type { AnyDefinition } from '../connector/connector-definition.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { OpenSpan, Tracing } from '../telemetry/tracing.ts';
import type { CallEnding, CallGuard, GuardedCall } from './call-guard.ts';

/** Spans and durations of requests to services. `null` where nobody wants to know. It lets everything in at once. */
export function createCallObserver({ tracing, metering }: Telemetry): CallGuard | null {
  if (!tracing && !metering) return null;
  const spans = new WeakMap<GuardedCall, OpenSpan>();
  const hosts = new WeakMap<AnyDefinition, string>();

  const declaredHost = (definition: AnyDefinition): string => {
    const known = hosts.get(definition);
    if (known !== undefined) return known;
    const host = definition.origin.replace(/^https?:\/\//, '').replace(/:[0-9]+$/, '');
    hosts.set(definition, host);
    return host;
  };

  return {
    admit(call) {
      if (tracing) spans.set(call, beginCall(tracing, call));
      return undefined;
    },
    ended(call, ending) {
      const { tenant, method, template, definition, operation } = call;
      const { status, fault, durationMs } = ending;
      const span = spans.get(call);
      if (span) endCall(span, ending);
      metering?.record(
        'http.client.request.duration',
        durationMs / 1_000,
        {
          'http.request.method': method,
          // As the connector declares it: a tenant's own subdomain would be a figure for each tenant.
          'server.address': declaredHost(definition),
          'url.template': template,
          'http.response.status_code': status ?? undefined,
          'error.type': fault?.code,
          'patchbay.connector': definition.id,
          'patchbay.operation': operation ?? undefined,
        },
        tenant,
      );
    },
  };
}

function beginCall(tracing: Tracing, call: GuardedCall): OpenSpan {
  const { tenant, connection, definition, origin, method, template, operation, dispatch } = call;
  const { hostname, port, protocol } = new URL(origin);
  return tracing.begin({
    name: `${method} ${template}`,
    kind: 'client',
    root: dispatch?.root ?? null,
    attributes: {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      'url.scheme': protocol.slice(0, -1),
      'url.template': template,
      'patchbay.tenant': tenant,
      'patchbay.connector': definition.id,
      'patchbay.connection': connection.id,
      'patchbay.operation': operation ?? undefined,
      ...(dispatch === undefined ? {} : { 'messaging.message.id': formatDispatchId(dispatch) }),
    },
  });
}

function endCall(span: OpenSpan, { status, fault }: CallEnding): void {
  span.set({ 'http.response.status_code': status ?? undefined });
  if (fault) span.fail(fault.code);
  span.end();
}
