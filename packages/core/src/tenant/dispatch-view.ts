import { builtInOf } from '../connector/built-in-action.ts';
import { formatDispatchId, runIdOf } from '../contracts/dispatch-id.ts';
import type { AttemptRecord, DispatchRecord, DispatchStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { Json } from '../json/json.ts';

/** One try. Times are milliseconds since 1970 on the store's clock, durations milliseconds. */
export type AttemptView = Omit<AttemptRecord, 'key' | 'fence'>;

/** Every status of a dispatch; the type keeps the list complete. */
export const dispatchStatuses: Readonly<Record<DispatchStatus, true>> = {
  pending: true,
  leased: true,
  held: true,
  succeeded: true,
  dead: true,
  cancelled: true,
};

/** A dispatch as the host sees it. */
export interface DispatchView {
  readonly id: string;
  /** Step instance, `call` for subscribers and direct calls. */
  readonly path: string;
  readonly handler: string;
  readonly operation: string;
  /** Full name of the action, `jira.create_issue`; `null` for what is none, such as a subscriber's call. */
  readonly action: string | null;
  readonly connection: string | null;
  readonly eventId: string;
  readonly runId: string | null;
  readonly replay: number;
  readonly status: DispatchStatus;
  /** Why it waits, where it does: what closes its lane (`rate_limited`, `connection`), or what happened before (`retry`, `drain`). */
  readonly reason: string | null;
  readonly round: number;
  /** Recorded outcomes in this round. */
  readonly attemptCount: number;
  readonly crashes: number;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly finishedAt: number | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: ErrorRecord | null;
  readonly attempts: readonly AttemptView[];
}

/** The host's view of a stored dispatch. */
export function toDispatchView(record: DispatchRecord, attempts: readonly AttemptRecord[]): DispatchView {
  const { key, handler, operation, connection, status, reason, round, crashes, createdAt, dueAt, finishedAt, error } = record;
  return {
    id: formatDispatchId(key),
    path: key.path,
    handler,
    operation,
    action: actionOf(record),
    connection,
    eventId: key.root,
    runId: runIdOf(key),
    replay: key.replay,
    status,
    reason,
    round,
    attemptCount: record.attempts,
    crashes,
    createdAt,
    dueAt,
    finishedAt,
    input: readJson(record.input),
    output: readJson(record.output),
    error,
    attempts: attempts.map(({ key: _key, fence: _fence, ...attempt }) => attempt),
  };
}

/** Full name of a dispatch's action: its handler is `action:{connector}@{major}`, or names a built-in one. `null` for what is none. */
export function actionOf({ handler, operation }: Pick<DispatchRecord, 'handler' | 'operation'>): string | null {
  const [, connector] = /^action:(.+)@\d+$/.exec(handler) ?? [];
  return connector === undefined ? (builtInOf(handler) ?? null) : `${connector}.${operation}`;
}

/** The major of the connector whose action a dispatch is; `undefined` for what is none. */
export function majorOfHandler({ handler }: Pick<DispatchRecord, 'handler'>): number | undefined {
  const [, major] = /^action:.+@(\d+)$/.exec(handler) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** Text that the hub itself wrote. */
function readJson(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}
