import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';

/** The stream of the journal that requests to services are kept in. */
export const requestStream = 'request';

/** A request to a service as it is logged. No value of its path or query, no header and no body is in it. */
export interface LoggedRequest {
  readonly connector: string;
  readonly method: string;
  /** `https://api.example.com`. */
  readonly origin: string;
  /** Path with `{}` for each value. */
  readonly template: string;
  /** Whose code made it: the connector's, or the host's own. */
  readonly author: 'connector' | 'host';
  /** Name of the action; `null` for a direct request, a look, a registration. */
  readonly operation: string | null;
  /** False where it was refused before anything went out: by a limit, a breaker, a lost lease. */
  readonly sent: boolean;
  /** `null`: no answer came. */
  readonly status: number | null;
  /** Code of the error that the answer, or its absence, means; `null`: it went well. */
  readonly code: string | null;
  readonly retryable: boolean;
  /** Milliseconds, with what it waited for. A renewal of the credential that went before it is not in it. */
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Requests that the service said were left, where it said so. */
  readonly remaining: number | null;
  /** The service's own id of it, where the connector names the header. */
  readonly providerRequestId: string | null;
  readonly dispatchId: string | null;
  readonly runId: string | null;
  /** True where an earlier attempt at the dispatch may have made the same one. */
  readonly retried: boolean;
}

/** The request of a journal entry. What an older version has written lacks what came since. */
export function readLoggedRequest(value: Json): LoggedRequest {
  const given = isJsonObject(value) ? value : {};
  const text = (name: string): string | null => (typeof given[name] === 'string' ? given[name] : null);
  const figure = (name: string): number | null => (typeof given[name] === 'number' ? given[name] : null);
  return {
    connector: text('connector') ?? '',
    method: text('method') ?? '',
    origin: text('origin') ?? '',
    template: text('template') ?? '',
    author: text('author') === 'host' ? 'host' : 'connector',
    operation: text('operation'),
    sent: given['sent'] === true,
    status: figure('status'),
    code: text('code'),
    retryable: given['retryable'] === true,
    durationMs: figure('durationMs') ?? 0,
    requestBytes: figure('requestBytes') ?? 0,
    responseBytes: figure('responseBytes') ?? 0,
    remaining: figure('remaining'),
    providerRequestId: text('providerRequestId'),
    dispatchId: text('dispatchId'),
    runId: text('runId'),
    retried: given['retried'] === true,
  };
}
