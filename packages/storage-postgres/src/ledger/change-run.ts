import type { RunChange } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { batchValues } from '../sql/columns.ts';
import { createPack } from '../sql/pack.ts';
import { insertDispatches, newDispatchColumns, placeDispatches } from './new-dispatches.ts';
import { fileRun, reviveRun } from './run-moves.ts';

const change: Statement = {
  name: 'change_run',
  text: (schema) => `
update ${schema}.runs r set revision = r.revision + 1, status = $6::text, state = $7::text, error = $8::json,
  finished_at = case when $6 <> 'running' then ${schema}.clock() end
where r.tenant = $1 and r.root = $2::uuid and r.automation = $3 and r.replay = $4::int and r.revision = $5::int
returning 1 as changed`,
};

const follow: Statement = {
  name: 'follow',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  parent as materialized (
    select 1 as position, $2::text as tenant, $3::uuid as root, null::text as holder, null::float8 as lease_ms, null::int as lease_limit,
      false as new_root),
  ${insertDispatches({ schema, mode: 'careful', first: 4, parents: 'parent', adds: true, usual: false })}
select handle from born`,
};

/** Stores the dispatches that follow a change of a run outside a settlement; none is born leased. */
async function storeNext(database: Database, client: ClientBase, run: RunChange): Promise<void> {
  if (run.next.length === 0) return;
  const { tenant, root } = run.key;
  const pack = createPack();
  const placed = placeDispatches({ position: 1, tenant, root }, run.next, pack);
  await database.query(follow, [pack.bytes(), tenant, root, ...batchValues(newDispatchColumns, placed)], client);
}

/** Changes a run by compare-and-set and stores what follows, inside a transaction. False where the run has moved on or is not there. */
export async function changeRun(database: Database, client: ClientBase, run: RunChange): Promise<boolean> {
  const { tenant, root, automation, replay } = run.key;
  const error = run.error === null ? null : JSON.stringify(run.error);
  const values = [tenant, root, automation, replay, run.revision, run.status, run.state, error];
  const rows = await database.query(change, values, client);
  if (rows.length === 0) {
    if (!(await reviveRun(database, run, client))) return false;
    await database.query(change, values, client);
  }
  if (run.status !== 'running') await fileRun(database, run.key, client);
  await storeNext(database, client, run);
  return true;
}
