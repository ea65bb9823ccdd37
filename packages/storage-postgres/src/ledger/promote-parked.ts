import type { Database, Statement } from '../database/database.ts';
import { parkedCondition } from '../schema/ledger-tables.ts';

/** Dispatches that one statement brings back. */
const mostPromoted = 500;

const statement: Statement = {
  name: 'promote_parked',
  text: (schema) => `
update ${schema}.dispatches set parked = false where ctid = any (array(
  select d.ctid from ${schema}.dispatches d where ${parkedCondition} and d.due_at <= (select ${schema}.clock())
  order by d.due_at limit ${mostPromoted} for update skip locked))`,
};

/** Puts parked dispatches whose time has come among the ready ones. */
export async function promoteParked(database: Database): Promise<void> {
  await database.query(statement, []);
}
