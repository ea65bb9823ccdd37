import type { ErrorCode } from '../errors/error-code.ts';
import type { Sent } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

/** An answer of the provider, as a connector's error mapping sees it. */
export interface ProviderAnswer {
  readonly method: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The parsed body; `undefined` where it is not JSON. */
  readonly body: Json | undefined;
}

/** What an answer means, where it means an error. */
export interface ProviderFault {
  readonly code: Extract<
    ErrorCode,
    | 'authentication_failed'
    | 'permission_denied'
    | 'scope_missing'
    | 'provider_not_found'
    | 'provider_conflict'
    | 'provider_rejected'
    | 'rate_limited'
    | 'provider_unavailable'
    | 'provider_error'
  >;
  /** Short and without secrets: it is stored and shown. */
  readonly message: string;
  /** The provider's own code. */
  readonly providerCode?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** Narrows what the status says about whether anything happened. */
  readonly sent?: Sent;
}

/** What the provider says of one of its limits in an answer. What is no sound figure is ignored. */
export interface RateLimitReading {
  /** Which of several limits it is, such as GitHub's `search`; at most 64 characters. @default the one limit of the connection */
  readonly name?: string;
  /** What is counted. Of anything but requests only its end is heeded, since nobody knows beforehand what a call will cost. @default 'requests' */
  readonly unit?: string;
  readonly limit?: number;
  readonly remaining?: number;
  /** What is used in this window; tells what remains where that is not said. */
  readonly used?: number;
  /** What this request has cost, in the limit's unit. */
  readonly cost?: number;
  /** Milliseconds until the window ends. */
  readonly resetAfterMs?: number;
  /** When the window ends, milliseconds since 1970. Taken where `resetAfterMs` is not given, and held against this machine's clock. */
  readonly resetsAt?: number;
  /** Length of the window, milliseconds. */
  readonly windowMs?: number;
  /** Milliseconds for which the provider wants no request: nothing remains until then, whatever the other figures say. */
  readonly retryAfterMs?: number;
}
