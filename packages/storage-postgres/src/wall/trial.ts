import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Database } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { enterText } from '../database/scope-texts.ts';
import { sqlState } from '../storage-error.ts';

/** What a tenant is seen to reach of another's, on the table `gates`. The transaction is left as it was. */
export async function trialFaults({ schema }: Database, client: ClientBase): Promise<readonly string[]> {
  const own = `self-check-${randomUUID()}`;
  const other = `self-check-${randomUUID()}`;
  const faults: string[] = [];
  const enter = (scope: Scope): Promise<unknown> => client.query(enterText(scope));
  const add = (tenant: string): Promise<unknown> =>
    client.query(`insert into ${schema}.gates (tenant, lane, reason) values ($1, 'self-check', 'paused')`, [tenant]);
  const count = async (words: string): Promise<number> => (await client.query(words, [own])).rowCount ?? 0;
  const seen = `select from ${schema}.gates where tenant = $1`;
  const changed = `update ${schema}.gates set until = null where tenant = $1`;

  await client.query('savepoint trial');
  await enter([own]);
  await add(own);
  if ((await count(seen)) !== 1) faults.push('a tenant does not see its own rows');
  await enter([other]);
  if ((await count(seen)) + (await count(changed)) > 0) faults.push('a tenant reaches rows of another');
  await enter([]);
  if ((await count(seen)) > 0) faults.push('rows are seen where no tenant is named');
  await enter('everyone');
  if ((await count(seen)) !== 1) faults.push('a worker does not see the rows of tenants');
  await enter([other]);
  await client.query('savepoint refusal');
  const refused = await add(own).then(
    () => false,
    (error: unknown) => sqlState(error) === '42501',
  );
  await client.query('rollback to savepoint refusal');
  if (!refused) faults.push('a tenant can write rows of another');
  await client.query('rollback to savepoint trial');
  return faults;
}
