import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';
import { traceIdOf } from './trace-id-of.ts';

/** The last 8 hexadecimal digits of a uuid v7 are chance alone. */
const chanceDigits = 8;

/**
 * The place in a trace that all processes know without being told: spans of an event have it as their parent where the span that caused them is
 * not at hand. Nothing is ever exported under its span id. `null` for what is no uuid.
 */
export function anchorOf(root: string, share: number): SpanContext | null {
  const traceId = traceIdOf(root);
  if (traceId === null) return null;
  const isSampled = Number.parseInt(traceId.slice(-chanceDigits), 16) < share * 16 ** chanceDigits;
  const anchor = { traceId, spanId: traceId.slice(16), traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
  return isSpanContextValid(anchor) ? anchor : null;
}
