import type { BirthLease, ClaimedDispatch, NewDispatch } from '@patchbay/core/adapter';
import { findByKey } from '../structures/keyed-list.ts';
import { claimedRecord } from './copies.ts';
import { dispatchPlace, type RootEntry } from './entries.ts';

/** Those of the dispatches that are in the lease which they were born with: what the first answer said, and what a repeated one says. */
export function stillBorn(root: RootEntry, dispatches: readonly NewDispatch[], birth: BirthLease | null, now: number): ClaimedDispatch[] {
  const leased: ClaimedDispatch[] = [];
  if (birth === null) return leased;
  for (const { key } of dispatches) {
    const entry = findByKey(dispatchPlace, root.dispatches, key);
    if (entry?.born && entry.holder === birth.holder && (entry.leaseUntil ?? 0) > now) leased.push(claimedRecord(entry, now));
  }
  return leased;
}
