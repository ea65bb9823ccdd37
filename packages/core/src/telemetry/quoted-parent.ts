import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';

/** A version that may be newer than ours begins with the same four fields. Source: W3C Trace Context, section 4.3. */
const form = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** What a sender says of its own span. Anybody can say anything, so it is only linked to. `undefined` for what is no `traceparent`. */
export function quotedParent(header: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = '0'] = form.exec(header?.slice(0, 200) ?? '') ?? [];
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const quoted = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(quoted) ? quoted : undefined;
}
