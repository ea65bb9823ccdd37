import type { Database, Statement } from '../database/database.ts';

/** Rows of one turn, each with a body; what is left is for the next. */
const mostRows = 5_000;

const forget: Statement = {
  name: 'forget_receipts',
  text: (schema) => `
delete from ${schema}.kept_receipts where ctid = any (array(
  select k.ctid from ${schema}.kept_receipts k where k.expires_at <= (select ${schema}.clock())
  order by k.expires_at limit ${mostRows} for update skip locked))`,
};

/** Deletes the kept receipts whose time has passed. */
export async function deleteEndedReceipts(database: Database): Promise<void> {
  await database.query(forget, []);
}
