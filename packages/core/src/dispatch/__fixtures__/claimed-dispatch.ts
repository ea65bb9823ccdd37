import type { ClaimedDispatch, RunRecord } from '../../contracts/dispatch-records.ts';
import type { ExecutionPolicy } from '../../contracts/executor.ts';

/** The store's time in these tests, milliseconds since 1970. */
export const storeNow: number = Date.UTC(2026, 0, 1);

/** A dispatch in its first lease, claimed at {@link storeNow}. */
export function claimedDispatch(changes: Partial<ClaimedDispatch> = {}): ClaimedDispatch {
  return {
    key: { tenant: 'acme', root: '019b7600-0000-7000-8000-000000000001', target: 'call', replay: 0, path: 'call' },
    handler: 'action:service@1',
    lane: 'connection:main',
    workClass: 'live',
    operation: 'act',
    connection: 'main',
    input: '{}',
    version: null,
    mark: 'claim',
    onUnknown: 'hold',
    ordering: null,
    status: 'leased',
    createdAt: storeNow,
    dueAt: storeNow,
    fence: 1,
    holder: 'worker-a',
    leaseUntil: storeNow + 30_000,
    round: 1,
    attempts: 0,
    crashes: 0,
    lastAttempt: 0,
    firstSentAt: storeNow,
    unknownSince: null,
    output: null,
    error: null,
    reason: null,
    finishedAt: null,
    handle: 'd1',
    storeNow,
    run: null,
    ...changes,
  };
}

/** A run under way. */
export function runRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    key: { tenant: 'acme', root: '019b7600-0000-7000-8000-000000000001', automation: '019b7600-0000-7000-8000-00000000000a', replay: 0 },
    automationName: 'triage',
    version: 1,
    status: 'running',
    state: '{}',
    error: null,
    revision: 1,
    startedAt: storeNow,
    finishedAt: null,
    ...changes,
  };
}

/** A policy whose waits are 1,000 ms times the number of attempts. */
export function policyWith(changes: Partial<ExecutionPolicy> = {}): ExecutionPolicy {
  return {
    idempotency: 'keyed',
    maximumAttempts: 5,
    maximumCrashes: 3,
    timeoutMs: 30_000,
    retryWithinMs: 3_600_000,
    keyLifetimeMs: 86_400_000,
    settlesWithinMs: 60_000,
    onUnknown: 'hold',
    backoffMs: (attempts) => attempts * 1_000,
    ...changes,
  };
}

/** Lets every promise go on that can: a turn of the event loop, as often as batches need one. */
export async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
