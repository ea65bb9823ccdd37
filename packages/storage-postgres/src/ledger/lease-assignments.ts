/**
 * Assignments that lease a dispatch: a new fence, a new end, and in flight at once where that is its mark. An update's right sides see
 * the row as it was before.
 */
export const leaseAssignments = (by: { readonly holder: string; readonly leaseMs: string; readonly now: string }): string => `
      status = 'leased', parked = false, fence = d.fence + 1, holder = ${by.holder}::text,
      lease_until = ${by.now} + ${by.leaseMs}::float8 * interval '1 millisecond', claimed_at = ${by.now},
      sent_at = case when d.mark = 'claim' then ${by.now} end,
      marked_first = d.mark = 'claim' and d.first_sent_at is null,
      first_sent_at = coalesce(d.first_sent_at, case when d.mark = 'claim' then ${by.now} end),
      last_write = 'claim'`;
