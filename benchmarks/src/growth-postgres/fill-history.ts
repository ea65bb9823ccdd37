import { migrate } from '@patchbay/storage-postgres';
import pg from 'pg';

/**
 * Ended history as the hub leaves it behind: an event of 2 KB less its compression, its dedupe key, its run and the run's one dispatch. The
 * ids are of version 7 and of the last six hours, so the rows stand in the partition that the measured events go to.
 */
const historyStatements = (rows: number): readonly string[] => [
  `create temporary table made as
     select g as number, now() - interval '6 hours' * (1 - g::float8 / ${rows}) as at,
       md5('root' || g) as random, md5('automation' || g % 10) as automation
     from generate_series(1, ${rows}) g`,
  `alter table made add root uuid`,
  `update made set root = (lpad(to_hex(floor(date_part('epoch', at) * 1000)::bigint), 12, '0')
     || '7' || substr(random, 1, 3) || '8' || substr(random, 4, 15))::uuid`,
  `insert into patchbay.event_dedupe (tenant, digest, root, stored_at)
     select 'acme', substring(sha256(convert_to(root::text, 'UTF8')) for 16), root, at from made`,
  `insert into patchbay.events (tenant, id, type, source, subject, time, connection, correlation, class, severity, registration,
       delivery_id, data, considered, stored_at)
     select 'acme', root, 'github.issue.opened', '/tenants/acme', 'octocat/hello-world#' || number, at, random, root::text, 'record',
       'info', random, root::text, convert_to('{"issue":{"number":' || number || ',"body":"' || repeat(random, 20) || '"}}', 'UTF8'), '[]', at
     from made`,
  `insert into patchbay.run_history (tenant, root, automation, replay, automation_name, version, status, state, revision, started_at,
       finished_at)
     select 'acme', root, automation, 0, 'triage', 1, 'succeeded', '{"steps":{"ticket":{"output":{"key":"OPS-' || number || '"}}}}', 2, at, at
     from made`,
  `insert into patchbay.dispatch_history (handle, tenant, root, target, replay, path, handler, lane, work_class, operation, connection,
       input, version, mark, on_unknown, status, created_at, due_at, fence, round, attempts, crashes, last_attempt, last_write, output,
       finished_at, attempt_outcome, attempt_started_at, attempt_duration_ms, attempt_holder)
     select nextval('patchbay.dispatch_handles'), 'acme', root, 'automation:' || automation, 0, 'ticket', 'action:jira@0',
       'connection:' || automation, 'live', 'create_issue', automation, '{"project":"OPS","summary":"#' || number || ' An issue"}', 1, 'claim',
       'hold', 'succeeded', at, at, 1, 1, 1, 0, 1, 'settle:succeeded:succeeded', '{"key":"OPS-' || number || '"}', at, 'succeeded', at, 12.5,
       'hub-of-history'
     from made`,
  'drop table made',
];

/** Makes the tables in an empty database and fills each table of the history with as many rows, by way of the partitioned parents. */
export async function fillHistory(databaseUrl: string, rows: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    await migrate({ pool });
    for (const statement of historyStatements(rows)) await pool.query(statement);
    await pool.query('vacuum analyze');
  } finally {
    await pool.end();
  }
}
