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

/** What the provider says of its limits in an answer. */
export interface RateLimitReading {
  readonly limit?: number;
  readonly remaining?: number;
  /** Milliseconds until the window ends. */
  readonly resetAfterMs?: number;
}
