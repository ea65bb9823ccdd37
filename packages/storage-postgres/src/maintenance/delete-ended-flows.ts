import type { Database, Statement } from '../database/database.ts';

/** Rows of one turn; what is left is for the next. */
const mostRows = 50_000;

const forget: Statement = {
  name: 'forget_flows',
  text: (schema) => `
delete from ${schema}.oauth_flows where ctid = any (array(
  select f.ctid from ${schema}.oauth_flows f where f.expires_at <= (select ${schema}.clock())
  order by f.expires_at limit ${mostRows} for update skip locked))`,
};

/** Deletes the flows whose time has passed. */
export async function deleteEndedFlows(database: Database): Promise<void> {
  await database.query(forget, []);
}
