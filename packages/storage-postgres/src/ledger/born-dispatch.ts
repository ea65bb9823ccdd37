import type { BirthLease, ClaimedDispatch, NewDispatch, RunRecord } from '@patchbay/core/adapter';

/** A dispatch that a statement has just stored as leased: what the statement was given, and what it made of it. */
export interface Birth {
  readonly dispatch: NewDispatch;
  readonly lease: BirthLease;
  readonly handle: string;
  /** The store's time in the statement. */
  readonly now: number;
  readonly run: RunRecord | null;
}

/** The record of a dispatch that was born leased. Put together here, so that nothing is sent back that was sent there. */
export function bornDispatch({ dispatch, lease, handle, now, run }: Birth): ClaimedDispatch {
  const { delayMs: _, ordering: _never, ...given } = dispatch;
  return {
    ...given,
    key: { ...dispatch.key },
    // What has one is not born leased.
    ordering: null,
    status: 'leased',
    createdAt: now,
    dueAt: now + dispatch.delayMs,
    fence: 1,
    holder: lease.holder,
    leaseUntil: now + lease.ttlMs,
    round: 1,
    attempts: 0,
    crashes: 0,
    lastAttempt: 0,
    firstSentAt: dispatch.mark === 'claim' ? now : null,
    unknownSince: null,
    output: null,
    error: null,
    reason: null,
    finishedAt: null,
    handle,
    storeNow: now,
    run,
  };
}
