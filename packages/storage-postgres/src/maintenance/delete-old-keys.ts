import type { Database, Statement } from '../database/database.ts';
import { number } from '../row.ts';

/** Rows that one statement deletes: each is a short transaction of its own. */
const batchSize = 5_000;

/** Statements of one turn; what is left is for the next. */
const mostBatches = 400;

/** Days for which the answer of adding counts may have been lost. */
const counterBatchDays = 2;

const deletion = (name: string, table: string, column: string): Statement => ({
  name,
  text: (schema) => `
with gone as (
  delete from ${schema}.${table} where ctid = any (array(
    select x.ctid from ${schema}.${table} x where x.${column} < (select ${schema}.clock()) - $1::int * interval '24 hours'
    order by x.${column} limit ${batchSize} for update skip locked))
  returning 1)
select count(*) as gone from gone`,
});

const forgetKeys = deletion('forget_keys', 'event_dedupe', 'stored_at');
const forgetBatches = deletion('forget_counter_batches', 'counter_batches', 'added_at');

async function deleteOld(database: Database, statement: Statement, days: number): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < mostBatches; batch += 1) {
    const [row] = await database.query(statement, [days]);
    const gone = row === undefined ? 0 : number(row, 'gone');
    total += gone;
    if (gone < batchSize) break;
  }
  return total;
}

/** Deletes the dedupe keys that are older than their horizon, and the names of counts that were added long ago. Answers how many keys. */
export async function deleteOldKeys(database: Database, dedupeDays: number): Promise<number> {
  await deleteOld(database, forgetBatches, counterBatchDays);
  return deleteOld(database, forgetKeys, dedupeDays);
}
