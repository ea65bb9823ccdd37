import type { CancelRunRequest } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { appendAudit } from '../audit/audit-record.ts';
import type { Database, Statement } from '../database/database.ts';
import { number, text } from '../row.ts';
import { endWaiting } from './amend-statements.ts';
import { keyName, withKeys } from './ordering-keys.ts';
import { fileRun } from './run-moves.ts';
import { automationTarget } from './run-record.ts';

const orderingKeys: Statement = {
  name: 'ordering_keys_of_run',
  text: (schema) => `
select distinct d.tenant, d.target, d.ordering_key from ${schema}.dispatches d
where d.tenant = $1 and d.root = $2::uuid and d.target = $3 and d.replay = $4::int and d.ordering_key is not null`,
};

const lockWaiting: Statement = {
  name: 'lock_waiting',
  text: (schema) => `
select d.handle from ${schema}.dispatches d
where d.tenant = $1 and d.root = $2::uuid and d.target = $3 and d.replay = $4::int and d.status in ('pending', 'held')
order by d.handle for update`,
};

const cancel: Statement = {
  name: 'cancel_run',
  text: (schema) => `
update ${schema}.runs r set status = 'cancelled', revision = r.revision + 1, finished_at = ${schema}.clock()
where r.tenant = $1 and r.root = $2::uuid and r.automation = $3 and r.replay = $4::int and r.revision = $5::int and r.status = 'running'
returning 1 as cancelled`,
};

const byKey = 'r.tenant = $1 and r.root = $2::uuid and r.automation = $3 and r.replay = $4::int';

const look: Statement = {
  name: 'look_at_run',
  text: (schema) => `
select r.status, r.revision from ${schema}.runs r where ${byKey}
union all select r.status, r.revision from ${schema}.run_history r where ${byKey}`,
};

type CancelVerdict = { readonly status: 'done' | 'stale' | 'missing' };

/** Dispatches first, then the run: in the order in which everybody locks them. */
async function cancelLocked(database: Database, client: ClientBase, change: CancelRunRequest): Promise<CancelVerdict> {
  const { tenant, root, automation, replay } = change.key;
  const run = [tenant, root, automation, replay];
  const waiting = await database.query(lockWaiting, [tenant, root, automationTarget(automation), replay], client);
  const cancelled = await database.query(cancel, [...run, change.revision], client);
  if (cancelled.length > 0) {
    await fileRun(database, change.key, client);
    const handles = waiting.map((row) => text(row, 'handle'));
    await endWaiting({ database, client, handles, status: 'cancelled', output: null, error: 'keep', lastWrite: 'cancel_run' });
    return { status: 'done' };
  }
  const [found] = await database.query(look, run, client);
  if (found === undefined) return { status: 'missing' };
  const repeated = text(found, 'status') === 'cancelled' && number(found, 'revision') === change.revision + 1;
  return { status: repeated ? 'done' : 'stale' };
}

/** Ends a run by compare-and-set, and with it what waits below it. */
export const cancelRun = (database: Database, change: CancelRunRequest): Promise<CancelVerdict> =>
  database.transaction(async (client) => {
    const { tenant, root, automation, replay } = change.key;
    const rows = await database.query(orderingKeys, [tenant, root, automationTarget(automation), replay], client);
    const verdict = await withKeys({ database, client }, rows.map(keyName), () => cancelLocked(database, client, change));
    const entries = verdict.status === 'done' && change.audit !== undefined ? [change.audit] : [];
    await appendAudit(database, { tenant, entries }, client);
    return verdict;
  });
