import type { AttemptRecord, ClaimedDispatch, DispatchRecord, ErrorRecord, EventRecord, Payload, RunRecord } from '@patchbay/core/adapter';
import type { DispatchEntry, RunEntry } from './entries.ts';

/** Copies an error. */
export const copyError = (error: ErrorRecord | null): ErrorRecord | null => (error === null ? null : { ...error });

const copyPayload = (payload: Payload): Payload => ({ codec: payload.codec, bytes: new Uint8Array(payload.bytes) });

const noWarnings: readonly string[] = [];

/** An attempt as the store keeps it: under the key of its dispatch. */
export const keepAttempt = (entry: DispatchEntry, attempt: AttemptRecord): AttemptRecord => ({
  ...attempt,
  key: entry.key,
  error: copyError(attempt.error),
  warnings: attempt.warnings.length === 0 ? noWarnings : [...attempt.warnings],
});

/** Copies an attempt. */
export const copyAttempt = (attempt: AttemptRecord): AttemptRecord => ({
  ...attempt,
  key: { ...attempt.key },
  error: copyError(attempt.error),
  warnings: [...attempt.warnings],
});

/** A run as it is handed out. */
export const runRecord = (run: RunEntry): RunRecord => ({
  key: { ...run.key },
  automationName: run.automationName,
  version: run.version,
  status: run.status,
  state: run.state,
  error: copyError(run.error),
  revision: run.revision,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
});

/** A dispatch as it is handed out. Written out field by field: a spread would show what only the store knows. */
export const dispatchRecord = (entry: DispatchEntry): DispatchRecord => ({
  key: { ...entry.key },
  handler: entry.handler,
  lane: entry.lane,
  workClass: entry.workClass,
  operation: entry.operation,
  connection: entry.connection,
  input: entry.input,
  version: entry.version,
  mark: entry.mark,
  onUnknown: entry.onUnknown,
  ordering: entry.ordering === null ? null : { ...entry.ordering },
  status: entry.status,
  createdAt: entry.createdAt,
  dueAt: entry.dueAt,
  fence: entry.fence,
  holder: entry.holder,
  leaseUntil: entry.leaseUntil,
  round: entry.round,
  attempts: entry.attempts,
  crashes: entry.crashes,
  lastAttempt: entry.lastAttempt,
  firstSentAt: entry.firstSentAt,
  unknownSince: entry.unknownSince,
  output: entry.output,
  error: copyError(entry.error),
  reason: entry.reason,
  finishedAt: entry.finishedAt,
});

/** A dispatch as its holder gets it. */
export function claimedRecord(entry: DispatchEntry, now: number): ClaimedDispatch {
  return {
    ...dispatchRecord(entry),
    handle: entry.handle,
    holder: entry.holder ?? '',
    leaseUntil: entry.leaseUntil ?? now,
    storeNow: now,
    run: entry.run === null ? null : runRecord(entry.run),
  };
}

/** An event as it is handed out, with bytes of its own. */
export const eventRecord = (event: EventRecord): EventRecord => ({
  ...event,
  data: copyPayload(event.data),
  original: event.original === null ? null : copyPayload(event.original),
  ...(event.additions === undefined ? {} : { additions: copyPayload(event.additions) }),
  receipt: event.receipt === null ? null : { ...event.receipt },
  considered: event.considered.map((one) => ({ ...one })),
});
