import type { ChainPoint, ExpiredRequest, PruneRequest, PruneVerdict } from '@patchbay/core/adapter';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { appendAudit } from './audit-row.ts';
import { readChainState } from './read-audit.ts';

/** Most records behind the base that one pruning takes away; the contract's number. */
const mostPruned = 5_000;

const selectExpired = `
  select h.tenant, a.seq, a.hash from audit_heads h join audit_log a on a.tenant = h.tenant and a.seq = min(
    h.base_seq + ${mostPruned},
    coalesce((select k.seq from audit_log k where k.tenant = h.tenant and k.seq is not null and k.seq > h.base_seq and k.at >= ?
      order by k.seq limit 1), h.seq + 1) - 1)
  where a.seq > h.base_seq and (? is null or h.tenant > ?) and (? is null or h.tenant = ?) order by h.tenant limit ?`;

/** How much of each chain was stored before a time. */
export const readExpired = (
  session: Session,
  { before, limit, tenant, after }: ExpiredRequest,
): readonly ({ readonly tenant: string } & ChainPoint)[] =>
  session
    .all(selectExpired, before, after ?? null, after ?? null, tenant ?? null, tenant ?? null, limit)
    .map((row) => ({ tenant: text(row, 'tenant'), seq: number(row, 'seq'), hash: text(row, 'hash') }));

const findPoint = 'select 1 as found from audit_log where tenant = ? and seq = ? and hash = ?';
const deletePart = 'delete from audit_log where tenant = ? and seq is not null and seq <= ?';
const setBase = 'update audit_heads set base_seq = ?, base_hash = ? where tenant = ?';

/** Takes away a chain's beginning, and records that. */
export function pruneAudit(
  session: Session,
  { tenant, through, entry }: PruneRequest & { readonly tenant: string },
  now: number,
): PruneVerdict {
  const { head, base } = readChainState(session, tenant);
  if (head.seq > 0 && base.seq >= through.seq) return { status: 'pruned' };
  if (session.get(findPoint, tenant, through.seq, through.hash) === undefined) return { status: 'kept' };
  session.run(deletePart, tenant, through.seq);
  session.run(setBase, through.seq, through.hash, tenant);
  appendAudit(session, { tenant, entries: [entry] }, now);
  return { status: 'pruned' };
}
