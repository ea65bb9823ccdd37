import type { ChainPoint, SealItem, SealVerdict, UnsealedRecords } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, OpenDatabase, Statement } from '../database/database.ts';
import { everyone, tenants } from '../database/scope.ts';
import { number, type Row, text } from '../row.ts';
import { unsealedCondition } from '../schema/audit-chain.ts';
import { auditColumns, auditRecord } from './audit-record.ts';

const selectUnsealed: Statement = {
  name: 'unsealed_audit',
  text: (schema) => `
select ${auditColumns(schema)}, coalesce(h.seq, 0) as head_seq, coalesce(h.hash, '') as head_hash
from (select * from ${schema}.audit_log where ${unsealedCondition} order by tenant, at, id limit $1::int) a
left join ${schema}.audit_heads h on h.tenant = a.tenant
order by a.tenant, a.at, a.id`,
};

/** Records without a place, by tenant. */
export async function readUnsealed(database: OpenDatabase, limit: number): Promise<readonly UnsealedRecords[]> {
  const byTenant = new Map<string, Row[]>();
  for (const row of await database.within(everyone).query(selectUnsealed, [limit])) {
    const tenant = text(row, 'tenant');
    byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), row]);
  }
  return [...byTenant].flatMap(([tenant, rows]) => {
    const [first] = rows;
    const head = first && { seq: number(first, 'head_seq'), hash: text(first, 'head_hash') };
    return head === undefined ? [] : [{ tenant, head, records: rows.map(auditRecord) }];
  });
}

const makeHead: Statement = {
  name: 'make_audit_head',
  text: (schema) => `insert into ${schema}.audit_heads (tenant, seq, hash) values ($1, 0, '') on conflict (tenant) do nothing`,
};

// Who seals or prunes is alone with the chain until the transaction ends.
const lockHead: Statement = {
  name: 'lock_audit_head',
  text: (schema) => `select seq, hash, base_seq from ${schema}.audit_heads where tenant = $1 for update`,
};

const setPlaces: Statement = {
  name: 'set_audit_places',
  text: (schema) => `
update ${schema}.audit_log a set seq = $2::bigint + p.place, hash = p.hash
from unnest($3::uuid[], $4::text[]) with ordinality p (id, hash, place)
where a.tenant = $1 and a.id = p.id and a.${unsealedCondition} returning 1 as placed`,
};

const moveHead: Statement = {
  name: 'move_audit_head',
  text: (schema) => `update ${schema}.audit_heads set seq = $2::bigint, hash = $3 where tenant = $1`,
};

const countPlaced: Statement = {
  name: 'count_audit_places',
  text: (schema) => `
select count(*) as placed from unnest($3::uuid[], $4::text[]) with ordinality p (id, hash, place)
join ${schema}.audit_log a on a.tenant = $1 and a.id = p.id and a.seq = $2::bigint + p.place and a.hash = p.hash`,
};

/** The head, locked until the transaction ends, and how much was pruned; `null` where the tenant has no chain. */
export async function lockChain(
  database: Database,
  tenant: string,
  client: ClientBase,
): Promise<{ readonly head: ChainPoint; readonly baseSeq: number } | null> {
  const [row] = await database.query(lockHead, [tenant], client);
  return row === undefined ? null : { head: { seq: number(row, 'seq'), hash: text(row, 'hash') }, baseSeq: number(row, 'base_seq') };
}

/** Thrown inside the transaction to roll it back: an item is written whole or not at all. */
const moved = Symbol('moved');

async function sealItem(open: OpenDatabase, { tenant, behind, records }: SealItem): Promise<SealVerdict> {
  const database = open.within(tenants(tenant));
  const places = [tenant, behind.seq, records.map(({ id }) => id), records.map(({ hash }) => hash)];
  const place = async (client: ClientBase): Promise<SealVerdict> => {
    if (behind.seq === 0) await database.query(makeHead, [tenant], client);
    const chain = await lockChain(database, tenant, client);
    const [found] = await database.query(countPlaced, places, client);
    if (found !== undefined && number(found, 'placed') === records.length) return { status: 'sealed' };
    if (chain?.head.seq !== behind.seq || chain.head.hash !== behind.hash) throw moved;
    if ((await database.query(setPlaces, places, client)).length < records.length) throw moved;
    await database.query(moveHead, [tenant, behind.seq + records.length, records.at(-1)?.hash ?? behind.hash], client);
    return { status: 'sealed' };
  };
  try {
    return await database.transaction(place);
  } catch (error) {
    if (error === moved) return { status: 'moved' };
    throw error;
  }
}

/** Gives records their places in the chains, each item in a transaction of its own. */
export async function sealAudit(database: OpenDatabase, items: readonly SealItem[]): Promise<readonly SealVerdict[]> {
  const verdicts: SealVerdict[] = [];
  for (const item of items) verdicts.push(await sealItem(database, item));
  return verdicts;
}
