import type { RunKey } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';

/** Columns of a run, open or ended. */
export const runFields =
  'tenant, root, automation, replay, automation_name, version, status, state, error, revision, started_at, finished_at';

const byKey = 'r.tenant = $1 and r.root = $2::uuid and r.automation = $3 and r.replay = $4::int';

const revive: Statement = {
  name: 'revive_run',
  text: (schema) => `
with back as (delete from ${schema}.run_history r where ${byKey} and r.revision = $5::int returning *)
insert into ${schema}.runs (${runFields}) select ${runFields} from back on conflict do nothing returning 1 as revived`,
};

/**
 * Brings an ended run back among the open ones, where it has this revision, so that it can be changed there: a dispatch of it had
 * outlived it, or is opened again. Whatever changes it puts it back when it stays ended.
 */
export async function reviveRun(
  database: Database,
  run: { readonly key: RunKey; readonly revision: number },
  client?: ClientBase,
): Promise<boolean> {
  const { tenant, root, automation, replay } = run.key;
  return (await database.query(revive, [tenant, root, automation, replay, run.revision], client)).length > 0;
}

const file: Statement = {
  name: 'file_run',
  text: (schema) => `
with gone as (delete from ${schema}.runs r where ${byKey} and r.status <> 'running' returning *)
insert into ${schema}.run_history (${runFields}) select ${runFields} from gone`,
};

/** Moves a run that has ended to the history. */
export async function fileRun(database: Database, { tenant, root, automation, replay }: RunKey, client: ClientBase): Promise<void> {
  await database.query(file, [tenant, root, automation, replay], client);
}
