import type { ChainPoint, ExpiredRequest, PruneRequest, PruneVerdict } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { everyone, tenants } from '../database/scope.ts';
import { number, text } from '../row.ts';
import { appendAudit } from './audit-record.ts';
import { lockChain } from './seal.ts';

/** Most records behind the base that one pruning takes away; the contract's number. */
const mostPruned = 5_000;

const selectExpired: Statement = {
  name: 'expired_audit',
  text: (schema) => `
select h.tenant, a.seq, a.hash from ${schema}.audit_heads h
join ${schema}.audit_log a on a.tenant = h.tenant and a.seq = least(
  h.base_seq + ${mostPruned},
  coalesce((select k.seq from ${schema}.audit_log k where k.tenant = h.tenant and k.seq > h.base_seq and k.at >= ${schema}.moment($1)
    order by k.seq limit 1), h.seq + 1) - 1)
where a.seq > h.base_seq and ($3::text is null or h.tenant = $3) and ($4::text is null or h.tenant > $4)
order by h.tenant limit $2::int`,
};

/** How much of each chain was stored before a time. */
export async function readExpired(
  database: OpenDatabase,
  { before, limit, tenant, after }: ExpiredRequest,
): Promise<readonly ({ readonly tenant: string } & ChainPoint)[]> {
  const scope = tenant === undefined ? everyone : tenants(tenant);
  const rows = await database.within(scope).query(selectExpired, [before, limit, tenant ?? null, after ?? null]);
  return rows.map((row) => ({ tenant: text(row, 'tenant'), seq: number(row, 'seq'), hash: text(row, 'hash') }));
}

const deletePart: Statement = {
  name: 'prune_audit',
  text: (schema) => `
delete from ${schema}.audit_log a where a.tenant = $1 and a.seq <= $2::bigint
  and exists (select from ${schema}.audit_log p where p.tenant = $1 and p.seq = $2::bigint and p.hash = $3) returning 1 as gone`,
};

const setBase: Statement = {
  name: 'set_audit_base',
  text: (schema) => `update ${schema}.audit_heads set base_seq = $2::bigint, base_hash = $3 where tenant = $1`,
};

/** Takes away a chain's beginning, and records that. */
export const pruneAudit = (open: OpenDatabase, tenant: string, { through, entry }: PruneRequest): Promise<PruneVerdict> => {
  const database = open.within(tenants(tenant));
  return database.transaction(async (client) => {
    const chain = await lockChain(database, tenant, client);
    if (chain === null || chain.head.seq === 0) return { status: 'kept' };
    if (chain.baseSeq >= through.seq) return { status: 'pruned' };
    const point = [tenant, through.seq, through.hash];
    if ((await database.query(deletePart, point, client)).length === 0) return { status: 'kept' };
    await database.query(setBase, point, client);
    await appendAudit(database, { tenant, entries: [entry] }, client);
    return { status: 'pruned' };
  });
};
