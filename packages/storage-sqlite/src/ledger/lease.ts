import type { ClaimedDispatch } from '@patchbay/core/adapter';
import { type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { storedDispatch } from './dispatch-row.ts';
import { runOfDispatch } from './run-row.ts';

/** Who takes a dispatch. */
export interface Taker {
  readonly holder: string;
  readonly ttlMs: number;
  /** The call that the dispatch is born of, where it is leased at birth. */
  readonly by: string | null;
}

// A lease counts as in flight at once where the dispatch says so, and sets the first time of the round.
const lease = `
  update dispatches set status = 'leased', fence = fence + 1, parked = 0, holder = ?, lease_until = ?, claimed_at = ?, born_by = ?,
    sent_at = case when mark = 'claim' then ? end,
    marked_first = case when mark = 'claim' and first_sent_at is null then 1 else 0 end,
    first_sent_at = case when mark = 'claim' then coalesce(first_sent_at, ?) else first_sent_at end,
    last_write = null
  where handle = ? returning *`;

/** A leased row as its holder gets it. */
export function claimedDispatch(session: Session, row: Row, now: number): ClaimedDispatch {
  const { handle, record } = storedDispatch(row);
  const leaseUntil = record.leaseUntil ?? now;
  return { ...record, handle, holder: text(row, 'holder'), leaseUntil, storeNow: now, run: runOfDispatch(session, record.key) };
}

/** Leases the dispatch of this number in the table. */
export function leaseDispatch(session: Session, handle: number, taker: Taker, now: number): ClaimedDispatch {
  const row = session.get(lease, taker.holder, now + taker.ttlMs, now, taker.by, now, now, handle);
  if (row === undefined) throw new Error('The dispatch to be leased is gone.');
  return claimedDispatch(session, row, now);
}
