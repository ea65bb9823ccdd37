import { hubScope, type Revision } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { number } from '../row.ts';

const statement: Statement = {
  name: 'revision',
  text: (schema) => `
select coalesce(max(revision) filter (where scope = '${hubScope}'), 0) as hub,
  coalesce(max(revision) filter (where scope = $1), 0) as tenant
from ${schema}.configuration_revisions where scope in ('${hubScope}', $1)`,
};

/** The revisions now. A scope that was never written to has 0. */
export async function revisionOf(database: Database, tenant: string, client?: ClientBase): Promise<Revision> {
  const [row] = await database.query(statement, [tenant], client);
  return row === undefined ? { hub: 0, tenant: 0 } : { hub: number(row, 'hub'), tenant: number(row, 'tenant') };
}
