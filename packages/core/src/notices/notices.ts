import type { ErrorRecord } from '../errors/error-record.ts';
import type { AlertNotices } from './alert-notices.ts';
import type { ConnectionNotices } from './connection-notices.ts';
import type { ContentNotices } from './content-notices.ts';
import type { TriggerNotices } from './trigger-notices.ts';
import type { WebhookNotices } from './webhook-notices.ts';

export type { RefusalReason } from './webhook-notices.ts';

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
export interface Notices extends ConnectionNotices, WebhookNotices, AlertNotices, TriggerNotices, ContentNotices {
  /**
   * The code of a connector kept this process from everything else for `blockedMs` milliseconds. After three times within ten minutes its actions wait
   * in this process for `heldForMs`; `null`: they do not. A process that was stopped and goes on looks alike.
   */
  'connector.blocked': { connectorId: string; operation: string; blockedMs: number; heldForMs: number | null; at: number };
  /**
   * Something of a connector goes away. With a tenant: a connection or an automation of its uses it, told once, and once more when the last day is over.
   * Without: it is registered in this process, told when the hub is ready. `name`: `shop@1`, or the full name of an action or a trigger.
   */
  'connector.deprecated': {
    tenant: string | null;
    connectorId: string;
    major: number;
    kind: 'connector' | 'action' | 'trigger';
    name: string;
    connectionId: string | null;
    automation: string | null;
    message: string;
    sunsetAt: number | null;
    isOver: boolean;
    replacedBy: string | null;
    at: number;
  };
  'event.published': { tenant: string; eventId: string; type: string; runs: number; dispatches: number; at: number };
  'action.executed': {
    tenant: string;
    /** `null`: a built-in action, whose full name is the `actionId`. */
    connectionId: string | null;
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
  /**
   * Requests of a connection begin to wait for a limit, or are refused for it: not once for each of them, and not again within ten seconds. `limit` is its
   * name, empty for the one limit of the connection; `waitMs` what the next request would have to wait, `waiting` how many do in this process.
   */
  'api.rate_limited': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    limit: string;
    source: 'headers' | 'declared' | 'host' | 'plan';
    waitMs: number;
    waiting: number;
    at: number;
  };
  'api.requested': {
    tenant: string;
    connectionId: string;
    method: string;
    pathTemplate: string;
    status: number | null;
    durationMs: number;
    at: number;
  };
  /**
   * A service says that what was asked for ends: once a day for each connector, method and path, in each process, with the connection that met it first.
   * `deprecatedAt`, `sunsetAt`: milliseconds since 1970, `null` where it does not say; `link`: where it explains it.
   */
  'api.deprecated': {
    tenant: string;
    connectorId: string;
    connectionId: string;
    method: string;
    pathTemplate: string;
    deprecatedAt: number | null;
    sunsetAt: number | null;
    link: string | null;
    at: number;
  };
}

/** Name of a notice. */
export type NoticeName = keyof Notices;

/** The port through which lower layers give notice. Bound to an emitter in `hub.ts`. */
export type Notify = <Name extends NoticeName>(name: Name, notice: Notices[Name]) => void;
