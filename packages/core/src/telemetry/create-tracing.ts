import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { anchorOf } from './anchor-of.ts';
import { quotedParent } from './quoted-parent.ts';
import type { OpenSpan, SpanStart, Tracing } from './tracing.ts';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** What comes in because of somebody else's span is linked to it. What a worker finds to do has nothing to do with where it stood. */
const linking: ReadonlySet<SpanStart['kind']> = new Set(['server', 'producer']);

/** How spans are made. */
export interface TracingOptions {
  /** `undefined`: the registered one. */
  readonly tracerProvider: TracerProvider | undefined;
  /** 0 to 1. */
  readonly traceShare: number;
  readonly name: string;
  readonly version: string;
}

/**
 * Spans through `@opentelemetry/api`. A span of an event stands below the active span where that is of the event's own trace, and otherwise below the
 * event's anchor: a host's span, like a sender's, is linked to.
 */
export function createTracing({ tracerProvider, traceShare, name, version }: TracingOptions): Tracing {
  const tracer = (tracerProvider ?? trace).getTracer(name, version);
  return { begin: (start) => begin(tracer, traceShare, start) };
}

function begin(tracer: Tracer, share: number, { name, kind, root, attributes, quoted }: SpanStart): OpenSpan {
  const active = context.active();
  const here = trace.getSpanContext(active);
  const anchor = root === null ? null : anchorOf(root, share);
  const isElsewhere = anchor !== null && here?.traceId !== anchor.traceId;
  const place = isElsewhere ? trace.setSpanContext(active, anchor) : active;
  const links: Link[] = [];
  if (isElsewhere && here && linking.has(kind) && isSpanContextValid(here)) links.push({ context: here });
  const sender = quotedParent(quoted);
  if (sender) links.push({ context: sender });
  return openSpan(tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes }, links }, place), place);
}

function openSpan(span: Span, place: Context): OpenSpan {
  return {
    within: (run) => context.with(trace.setSpan(place, span), run),
    set: (attributes) => void span.setAttributes({ ...attributes }),
    fail(code) {
      span.setAttribute('error.type', code);
      span.addEvent('exception', { 'exception.type': code });
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => span.end(),
    traceparent() {
      const { traceId, spanId, traceFlags } = span.spanContext();
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
    },
  };
}
