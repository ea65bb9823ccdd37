import type { HttpAnswer } from '../connector/connector-http.ts';
import { dateOf, figureOf, textOf } from './limits/header-values.ts';

// The three forms of a date that RFC 9110, section 5.6.7, tells recipients to read. The last names no zone and means UTC.
const zoned = /^[A-Za-z]{3,9}, .{1,40} (GMT|UTC)$/;
const unzoned = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}$/;

/**
 * Milliseconds that an answer asks to wait: `retry-after-ms` where it has one, or `Retry-After`. A date is read against the answer's own, so that the
 * clocks need not agree; `now` stands in where it has none.
 */
export function retryAfterOfAnswer(headers: HttpAnswer['headers'], now: number): number | undefined {
  const precise = figureOf(textOf(headers, 'retry-after-ms'));
  return precise ?? retryAfterMs(headers['retry-after'], dateOf(headers) ?? now);
}

/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110, section 10.2.3): seconds, or an HTTP date. `undefined` for what is
 * neither. A date is read against the given time, so a wrong clock of ours shortens or lengthens it.
 */
export function retryAfterMs(value: string | readonly string[] | undefined, now: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^[0-9]{1,9}(\.[0-9]{1,3})?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(zoned.test(text) ? text : unzoned.test(text) ? `${text} GMT` : '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
