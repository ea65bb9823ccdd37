import type { AttemptRecord, DispatchKey } from '@patchbay/core/adapter';
import { insertInto } from '../sql/insert.ts';
import { number, optionalJson, optionalNumber, optionalText, type Row, text, toJson, word } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { handleNumber } from './dispatch-row.ts';

const outcomes: readonly AttemptRecord['outcome'][] = ['succeeded', 'failed', 'unknown'];

const insert = insertInto('attempts', [
  ...['dispatch', 'number', 'round', 'outcome', 'started_at', 'duration_ms', 'holder', 'fence', 'error', 'retry_in_ms'],
  ...['provider_request_id', 'warnings', 'exchange'],
]);

/** Records an attempt at the dispatch of this handle. */
export function insertAttempt(session: Session, handle: string, attempt: Omit<AttemptRecord, 'key'>): void {
  const { round, outcome, startedAt, durationMs, holder, fence, error, retryInMs, providerRequestId, warnings, exchange } = attempt;
  const when = [round, outcome, startedAt, durationMs, holder, fence] as const;
  const what = [toJson(error), retryInMs, providerRequestId, JSON.stringify(warnings), exchange] as const;
  session.run(insert, handleNumber(handle), attempt.number, ...when, ...what);
}

/** Reads an attempt at the dispatch of this key. */
export const attemptRecord = (row: Row, key: DispatchKey): AttemptRecord => ({
  key,
  number: number(row, 'number'),
  round: number(row, 'round'),
  outcome: word(row, 'outcome', outcomes),
  startedAt: number(row, 'started_at'),
  durationMs: optionalNumber(row, 'duration_ms'),
  holder: text(row, 'holder'),
  fence: number(row, 'fence'),
  error: optionalJson(row, 'error'),
  retryInMs: optionalNumber(row, 'retry_in_ms'),
  providerRequestId: optionalText(row, 'provider_request_id'),
  warnings: optionalJson<string[]>(row, 'warnings') ?? [],
  exchange: optionalText(row, 'exchange'),
});
