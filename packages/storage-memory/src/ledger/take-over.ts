import type { AttemptRecord } from '@patchbay/core/adapter';
import type { State } from '../state.ts';
import type { DispatchEntry } from './entries.ts';
import { unlease } from './transitions.ts';

const crashed = {
  code: 'crashed',
  message: 'The worker that held this dispatch let its lease run out, so its outcome is unknown. Look for a stopped or stalled process.',
};

const brokenAttempt = (entry: DispatchEntry): AttemptRecord => ({
  key: entry.key,
  number: entry.lastAttempt + 1,
  round: entry.round,
  outcome: 'unknown',
  startedAt: entry.inFlightSince ?? entry.leasedAt,
  durationMs: null,
  holder: entry.holder ?? '',
  fence: entry.fence,
  error: { ...crashed },
  retryInMs: null,
  providerRequestId: null,
  warnings: [],
  exchange: null,
});

/** Ends an expired lease as a crash: its attempt is recorded as unknown. The dispatch then stands nowhere. */
export function takeOver(state: State, entry: DispatchEntry): void {
  entry.history.push(brokenAttempt(entry));
  entry.attempts += 1;
  entry.crashes += 1;
  entry.lastAttempt += 1;
  entry.error = { ...crashed };
  if (entry.inFlightSince !== null) entry.unknownSince ??= entry.inFlightSince;
  unlease(state, entry);
}
