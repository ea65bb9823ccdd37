import type { ErrorRecord } from '../errors/error-record.ts';

/**
 * Why a webhook request was refused. The host is told, the sender never is. `unknown_url`: no such connector, registration or app;
 * `signature_missing`: none, a malformed one, or one whose time is not near; `secret_missing`: the app has none; `signature_wrong`: none of the
 * secrets made it; `not_receiving`: the connection or the registration has ended.
 */
export type RefusalReason = 'unknown_url' | 'signature_missing' | 'secret_missing' | 'signature_wrong' | 'not_receiving';

/**
 * What `hub.on` can observe. Notices carry ids and figures, never payloads or secrets; they observe and never carry work,
 * so a listener that throws changes nothing. `at` is milliseconds since 1970, `durationMs` milliseconds.
 */
export interface Notices {
  'connection.connected': { tenant: string; connectionId: string; connectorId: string; externalAccountId: string | null; at: number };
  'connection.disconnected': { tenant: string; connectionId: string; connectorId: string; at: number };
  'webhook.received': {
    tenant: string;
    registrationId: string;
    connectionId: string;
    triggerId: string;
    eventId: string;
    /** True when the delivery had come before; the event is then the first one's. */
    duplicate: boolean;
    at: number;
  };
  'webhook.failed': {
    registrationId: string;
    error: ErrorRecord;
    /** Why it was refused; `null` where it was not, and the error says what happened. */
    reason: RefusalReason | null;
    attempt: number;
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
  'run.finished': { tenant: string; runId: string; automation: string; status: 'succeeded' | 'failed' | 'cancelled'; at: number };
  'dispatch.retrying': { tenant: string; dispatchId: string; attempt: number; delayMs: number; error: ErrorRecord; at: number };
  'dispatch.dead': { tenant: string; dispatchId: string; handler: string; attempts: number; error: ErrorRecord; at: number };
  'dispatch.held': { tenant: string; dispatchId: string; handler: string; error: ErrorRecord; at: number };
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
