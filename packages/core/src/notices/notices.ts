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

/** A dispatch that is tried no more: it is dead, or held for a person. */
interface EndOfTries {
  readonly tenant: string;
  readonly dispatchId: string;
  readonly eventId: string;
  readonly runId: string | null;
  /** `null` for a subscriber's call. */
  readonly connectionId: string | null;
  readonly handler: string;
  /** Name of the action, or of the subscriber. */
  readonly operation: string;
  readonly attempts: number;
  readonly error: ErrorRecord;
  readonly at: number;
}

/**
 * What `hub.on` can observe. Notices carry ids and figures, never payloads or secrets; they observe and never carry work,
 * so a listener that throws changes nothing. `at` is milliseconds since 1970, `durationMs` milliseconds.
 */
export interface Notices {
  'connection.connected': { tenant: string; connectionId: string; connectorId: string; externalAccountId: string | null; at: number };
  'connection.disconnected': { tenant: string; connectionId: string; connectorId: string; at: number };
  /** The hub has found that a connection works no more, or works again; `connection.connected` says that somebody has connected it again. */
  'connection.status_changed': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    from: string;
    to: string;
    /**
     * `refused`: the service does not accept the credential; `answer_lost`: a renewal was cut off; `expired`: its time is over and there is nothing
     * to renew it with; `unhealthy`: a look has shown that the account cannot be used; `recovered`: a look has shown that it works again.
     */
    reason: 'refused' | 'answer_lost' | 'expired' | 'unhealthy' | 'recovered';
    at: number;
  };
  /**
   * The host has named another account for a connection whose account was known: what is automated on it now acts for that one. Ids of the accounts;
   * `to` is `null` where it is not known any more.
   */
  'connection.account_changed': { tenant: string; connectionId: string; connectorId: string; from: string; to: string | null; at: number };
  /** A credential ends so many days from now or sooner, as the host has said; once for each of the days that the host wants. */
  'connection.credential_expiring': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    expiresAt: number;
    days: number;
    at: number;
  };
  /** A connection has another credential. `previousUntil`: until when it can be rolled back, milliseconds since 1970; `null`: it cannot. */
  'connection.credential_replaced': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    by: 'rotation' | 'roll_back';
    previousUntil: number | null;
    at: number;
  };
  /** Something enabled needs scopes that the connection was not granted; its actions are refused before they are sent. */
  'connection.scopes_missing': { tenant: string; connectionId: string; connectorId: string; missing: readonly string[]; at: number };
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
  'webhook.received': {
    tenant: string;
    registrationId: string;
    /** `null`: it came through a receiver. */
    connectionId: string | null;
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
    error: ErrorRecord;
    /** Why it was refused; `null` where it was not, and the error says what happened. */
    reason: RefusalReason | null;
    /** Always 1: how often the service has tried by its own count is not read. */
    attempt: number;
    at: number;
  };
  /** A verified delivery could not become events, and is kept whole; `webhook.failed` says the same with the error. */
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
  'event.published': { tenant: string; eventId: string; type: string; runs: number; dispatches: number; at: number };
  'action.executed': {
    tenant: string;
    connectionId: string;
    actionId: string;
    dispatchId: string;
    attempt: number;
    result: 'succeeded' | 'failed' | 'unknown';
    error: ErrorRecord | null;
    durationMs: number;
    at: number;
  };
  'subscriber.called': {
    tenant: string;
    subscriber: string;
    dispatchId: string;
    attempt: number;
    result: 'succeeded' | 'failed' | 'unknown';
    error: ErrorRecord | null;
    durationMs: number;
    at: number;
  };
  'run.finished': {
    tenant: string;
    runId: string;
    eventId: string;
    automation: string;
    status: 'succeeded' | 'failed' | 'cancelled';
    /** Why it failed. */
    error: ErrorRecord | null;
    at: number;
  };
  'dispatch.retrying': { tenant: string; dispatchId: string; attempt: number; delayMs: number; error: ErrorRecord; at: number };
  'dispatch.dead': EndOfTries;
  'dispatch.held': EndOfTries;
  'dispatch.fenced': { tenant: string; dispatchId: string; handler: string; at: number };
  'api.requested': {
    tenant: string;
    connectionId: string;
    method: string;
    pathTemplate: string;
    status: number | null;
    durationMs: number;
    at: number;
  };
}

/** Name of a notice. */
export type NoticeName = keyof Notices;

/** The port through which lower layers give notice. Bound to an emitter in `hub.ts`. */
export type Notify = <Name extends NoticeName>(name: Name, notice: Notices[Name]) => void;
