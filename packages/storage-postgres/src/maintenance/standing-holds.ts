import type { Database, Statement } from '../database/database.ts';
import { text } from '../row.ts';
import { historyTables } from '../schema/partition-functions.ts';

/** Whoever holds a table for longer is a transaction that stays open, and not one of those that come and go. */
const patienceMs = 100;

const holders: Statement = {
  name: 'history_holders',
  text: (schema) => `
with parent as (select p.oid from unnest(array[${historyTables.map((table) => `'${schema}.${table}'`).join(', ')}]) name
    cross join lateral (select name::regclass::oid as oid) p),
  history as (select oid from parent union all select i.inhrelid from pg_catalog.pg_inherits i join parent on i.inhparent = parent.oid)
select distinct c.relname as name, l.virtualtransaction as holder
from pg_catalog.pg_locks l join history h on h.oid = l.relation join pg_catalog.pg_class c on c.oid = h.oid
where l.granted and l.pid is distinct from pg_catalog.pg_backend_pid()
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())`,
};

const pause: Statement = { name: 'pause', text: () => 'select pg_catalog.pg_sleep($1::float8 / 1000)' };

const holdsNow = async (database: Database): Promise<ReadonlyMap<string, string>> =>
  new Map((await database.query(holders, [])).map((row) => [`${text(row, 'holder')} ${text(row, 'name')}`, text(row, 'name')]));

/**
 * Names of the tables of the history that transactions hold which stay open. To ask for such a table alone is in vain, and whoever comes
 * after the one that asks waits with it.
 */
export async function standingHolds(database: Database): Promise<ReadonlySet<string>> {
  const before = await holdsNow(database);
  if (before.size === 0) return new Set();
  await database.query(pause, [patienceMs]);
  const after = await holdsNow(database);
  return new Set([...before].flatMap(([hold, name]) => (after.has(hold) ? [name] : [])));
}
