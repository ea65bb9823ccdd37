import type { LeaseStore, NamedLease } from '@patchbay/core/adapter';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

// Where the lease is another's and has time left, nothing is updated and no row comes back. A lease that was given back keeps its row, so
// that its fence goes on growing.
const acquire = `
  insert into leases as l (name, holder, fence, until) values (?, ?, 1, ?)
  on conflict (name) do update set
    fence = l.fence + case when l.holder = excluded.holder and l.until > ? then 0 else 1 end,
    holder = excluded.holder, until = excluded.until
  where l.holder is null or l.holder = excluded.holder or l.until <= ?
  returning fence, until`;

/** Takes a named lease, or answers `null` while another holds it. */
export function acquireLease(
  session: Session,
  { name, holder, ttlMs }: Parameters<LeaseStore['acquire']>[0],
  now: number,
): NamedLease | null {
  const row = session.get(acquire, name, holder, now + ttlMs, now, now);
  return row === undefined ? null : { name, fence: number(row, 'fence'), until: number(row, 'until') };
}

const extend = 'update leases set until = ? where name = ? and holder = ? and fence = ? and until > ?';

/** Extends a named lease; false where it was lost. */
export const extendLease = (session: Session, { name, holder, fence, ttlMs }: Parameters<LeaseStore['extend']>[0], now: number): boolean =>
  session.run(extend, now + ttlMs, name, holder, fence, now) > 0;

const release = 'update leases set holder = null where name = ? and holder = ? and fence = ?';

/** Gives a named lease back. */
export function releaseLease(session: Session, { name, holder, fence }: Parameters<LeaseStore['release']>[0]): void {
  session.run(release, name, holder, fence);
}
