import type { RateLimitReading } from '../../connector/provider-answer.ts';
import { formatDispatchId, runIdOf } from '../../contracts/dispatch-id.ts';
import type { CallEnding, GuardedCall } from '../call-guard.ts';
import type { LoggedRequest } from './logged-request.ts';

/** Longest text of somebody else's that is kept, characters. */
const longestText = 200;

/** What is logged of a request. */
export function logLineOf(call: GuardedCall, ending: CallEnding): LoggedRequest {
  const { definition, method, origin, template, author, operation, dispatch } = call;
  const { sent, status, fault, durationMs, requestBytes, responseBytes } = ending;
  return {
    connector: definition.id,
    method,
    origin,
    template: template.slice(0, 1_000),
    author,
    operation,
    sent,
    status,
    code: fault?.code ?? null,
    retryable: fault?.retryable ?? false,
    durationMs: Math.round(durationMs * 10) / 10,
    requestBytes,
    responseBytes,
    remaining: remainingOf(call, ending),
    providerRequestId: headerOf(ending, definition.requestIdHeader),
    dispatchId: dispatch === undefined ? null : formatDispatchId(dispatch),
    runId: dispatch === undefined ? null : runIdOf(dispatch),
    retried: (call.attempt ?? 1) > 1,
  };
}

/** The verdict that a list can be narrowed by: the status, or the code where no answer came. */
export function verdictOf({ status, code }: Pick<LoggedRequest, 'status' | 'code'>): string {
  return status === null ? (code ?? 'unknown').slice(0, 60) : String(status);
}

/** Limits of one answer that are looked at. */
const mostReadings = 8;

/** What is left by the tightest of the limits that the connector reads. Its code is somebody else's: whatever it does, the log goes on. */
function remainingOf({ definition }: GuardedCall, { status, headers }: CallEnding): number | null {
  if (status === null || headers === null || definition.rateLimit === undefined) return null;
  try {
    const given = definition.rateLimit({ status, headers });
    const readings: readonly (RateLimitReading | undefined)[] = Array.isArray(given) ? given.slice(0, mostReadings) : [given];
    const left = readings.flatMap((reading) => (Number.isFinite(reading?.remaining) ? [Number(reading?.remaining)] : []));
    return left.length === 0 ? null : Math.min(...left);
  } catch {
    return null;
  }
}

function headerOf({ headers }: CallEnding, name: string | undefined): string | null {
  const value = name === undefined ? undefined : headers?.[name];
  // A control character or half a surrogate pair is no part of an id, and not every store could hold it.
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) ? value.slice(0, longestText) : null;
}
