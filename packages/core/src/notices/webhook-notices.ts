import type { ErrorRecord } from '../errors/error-record.ts';

/**
 * Why a webhook request was refused. The host is told, the sender never is. `unknown_url`: no such connector, registration or app;
 * `signature_missing`: none, a malformed one, or one whose time is not near; `secret_missing`: the app has none; `signature_wrong`: none of the
 * secrets made it; `address_refused`: it came from an address that is not in the list; `not_receiving`: the connection or the registration has ended.
 */
export type RefusalReason =
  | 'unknown_url'
  | 'signature_missing'
  | 'secret_missing'
  | 'signature_wrong'
  | 'address_refused'
  | 'not_receiving';

/** One attempt at a delivery. What an endpoint does to itself is told of by `endpoint.disabled`, `endpoint.failing` and `endpoint.recovered`. */
interface DeliveryAttempt {
  readonly tenant: string;
  readonly endpointId: string;
  readonly dispatchId: string;
  readonly eventId: string;
  readonly attempt: number;
  readonly durationMs: number;
  readonly at: number;
}

/** What `hub.on` can observe of webhooks that come in and go out. */
export interface WebhookNotices {
  /**
   * An endpoint receives nothing any more: it has answered 410 (`gone`), or failed for five days (`failing`). What is planned for it waits until somebody
   * enables it.
   */
  'endpoint.disabled': { tenant: string; endpointId: string; name: string; reason: 'host' | 'gone' | 'failing'; at: number };
  /**
   * More than half of at least 20 attempts at an endpoint have failed within ten minutes, over all processes: once for each time that it begins.
   * `attempts` and `failed` are those of the ten minutes.
   */
  'endpoint.failing': { tenant: string; endpointId: string; name: string; attempts: number; failed: number; at: number };
  /** Attempts at it succeed again, and no more than a quarter of those within ten minutes fail. */
  'endpoint.recovered': {
    tenant: string;
    endpointId: string;
    name: string;
    attempts: number;
    failed: number;
    failingSince: number;
    at: number;
  };
  'endpoint.delivered': DeliveryAttempt;
  /** The endpoint has not taken it this time. `dispatch.retrying` says when it is sent again, `dispatch.dead` that it is not. */
  'endpoint.failed': DeliveryAttempt & { readonly error: ErrorRecord };
  'webhook.received': {
    tenant: string;
    registrationId: string;
    /** `null`: it came through a receiver. */
    connectionId: string | null;
    /** `receiver`: it came through a receiver. */
    connectorId: string;
    triggerId: string;
    eventId: string;
    /** True when the delivery had come before; the event is then the first one's. */
    duplicate: boolean;
    /** False where nobody had signed it and the connector bears that. */
    verified: boolean;
    at: number;
  };
  /** An event was not taken in, because it is of no resource that its connection is confined to; the service is told that it was. */
  'webhook.dropped': {
    tenant: string;
    registrationId: string;
    connectionId: string | null;
    triggerId: string;
    /** Kind of the resource; its name is not told. */
    resource: string;
    at: number;
  };
  'webhook.failed': {
    /** Whose registration it is; `null` where the URL is nobody's, and at an app's URL where it concerns no one tenant. */
    tenant: string | null;
    registrationId: string;
    /** `receiver`: it was sent to a receiver's URL; `null`: there is no such connector. */
    connectorId: string | null;
    error: ErrorRecord;
    /** Why it was refused; `null` where it was not, and the error says what happened. */
    reason: RefusalReason | null;
    /** Always 1: how often the service has tried by its own count is not read. */
    attempt: number;
    at: number;
  };
  /** A verified delivery, or something that was polled, could not become events, and is kept whole; `webhook.failed` or `poll.failed` says the same with the error. */
  'webhook.kept': {
    tenant: string;
    registrationId: string;
    connectionId: string | null;
    /** Names it in `tenant.webhooks.kept`. */
    receiptId: string;
    /** Code of the error. */
    code: string;
    at: number;
  };
  /** A registration could not be brought to its provider or renewed there. The hub tries again; each failure is told. */
  'webhook.registration_failed': {
    tenant: string;
    registrationId: string;
    connectionId: string;
    connectorId: string;
    /** `expiring`: deliveries come until `expiresAt`; `failed`: the provider does not hold it. */
    status: string;
    error: ErrorRecord;
    /** Tries in a row that have failed. */
    failures: number;
    /** When it ends at the provider, milliseconds since 1970; `null`: never, or not known. */
    expiresAt: number | null;
    at: number;
  };
}
