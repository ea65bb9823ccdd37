import type { AttemptRecord, ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Held } from '../contracts/held.ts';
import type { BirthLease, SettleItem } from '../contracts/hot-store.ts';
import type { RunChange } from '../contracts/run-change.ts';
import type { Resolution } from './resolution.ts';

type Settle = Extract<Resolution, { write: 'settle' }>;

/** The write that records an outcome. `lease` goes with it where something follows. */
export function settleItemOf(input: {
  readonly dispatch: ClaimedDispatch;
  readonly resolution: Settle;
  readonly durationMs: number;
  readonly change: RunChange | null;
  readonly lease: BirthLease | null;
}): SettleItem {
  const { dispatch, resolution, durationMs, change, lease } = input;
  return {
    ...heldOf(dispatch),
    key: dispatch.key,
    attempt: attemptOf(dispatch, resolution, durationMs),
    settlement: resolution.settlement,
    run: change,
    lease: change && change.next.length > 0 ? lease : null,
  };
}

function attemptOf(dispatch: ClaimedDispatch, resolution: Settle, durationMs: number): AttemptRecord {
  return {
    key: dispatch.key,
    number: dispatch.lastAttempt + 1,
    round: dispatch.round,
    outcome: resolution.outcome,
    startedAt: dispatch.storeNow,
    durationMs,
    holder: dispatch.holder,
    fence: dispatch.fence,
    error: resolution.error,
    retryInMs: resolution.retryInMs,
    providerRequestId: resolution.providerRequestId,
    warnings: resolution.warnings,
    exchange: resolution.exchange,
  };
}

/** The lease that a dispatch was handed out with. */
export function heldOf({ key, handle, fence }: ClaimedDispatch): Held {
  return { tenant: key.tenant, handle, fence };
}

/** One order for all batches, so that two of them take the same rows in the same order. */
export function compareHandles(left: Held, right: Held): number {
  return left.handle < right.handle ? -1 : left.handle > right.handle ? 1 : 0;
}

/** Bytes that a settlement counts for, roughly. */
export function sizeOfSettle(item: SettleItem): number {
  const output = item.settlement.to === 'succeeded' ? (item.settlement.output?.length ?? 0) : 0;
  const next = item.run?.next.reduce((total, dispatch) => total + (dispatch.input?.length ?? 0), 0) ?? 0;
  return 300 + output + (item.attempt.exchange?.length ?? 0) + (item.run?.state.length ?? 0) + next;
}

/**
 * What is written instead of an outcome that the store refuses, such as text that it cannot hold. The try is over and may have taken
 * effect, so it is neither repeated nor called a failure.
 */
export function unstorable(outcome: Settle['outcome']): Settle {
  return {
    write: 'settle',
    outcome: 'unknown',
    settlement: { to: 'held' },
    error: {
      code: 'invalid_output',
      message: `The try ended as ${outcome}, and the store refuses to keep what it gave. Look at the provider, then decide with dispatches.resolve.`,
    },
    retryInMs: null,
    providerRequestId: null,
    warnings: [],
    exchange: null,
    end: null,
    closeLane: null,
  };
}
