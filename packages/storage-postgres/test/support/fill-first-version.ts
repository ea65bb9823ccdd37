import { handler, newId } from '@patchbay/storage-records';
import type { Pool } from 'pg';

/** What {@link fillFirstVersion} has stored. */
export interface FirstRows {
  /** Event whose run has succeeded, after two attempts. */
  readonly ended: string;
  /** Event whose run waits for its dispatch. */
  readonly open: string;
  readonly automation: string;
  /** Event that waits to be routed. */
  readonly marked: string;
  readonly count: number;
}

const dispatchFields =
  'tenant, root, target, replay, path, handler, lane, work_class, operation, connection, input, version, mark, on_unknown, status, ' +
  'created_at, due_at, fence, round, attempts, crashes, last_attempt, last_write';

const dispatchValues = (status: string, attempts: number): string => `
  'acme', $1, 'automation:' || $2::text, 0, 'ticket', '${handler}', 'connection:1', 'live', 'create_issue', '1', '{"project":"OPS"}', 1,
  'claim', 'hold', '${status}', now(), now(), ${attempts}, 1, ${attempts}, 0, ${attempts}, 'settle'`;

const run = (schema: string, status: string): string => `
  insert into ${schema}.runs (tenant, root, automation, replay, automation_name, version, status, state, revision, started_at, finished_at)
  values ('acme', $1, $2, 0, 'triage', 1, '${status}', '{"steps":{}}', 1, now(), ${status === 'running' ? 'null' : 'now()'})`;

/** Fills tables of version 1, as a package of that version would have, with events, runs, dispatches and attempts in every state. */
export async function fillFirstVersion(pool: Pool, schema: string): Promise<FirstRows> {
  const [ended, open, marked, automation] = [newId(), newId(), newId(), newId()];
  const events = [ended, open, marked, ...Array.from({ length: 500 }, () => newId())];
  await pool.query(
    `insert into ${schema}.events (tenant, id, type, source, time, correlation, class, severity, data, considered, stored_at)
     select 'acme', id, 'github.issue.opened', '/tenants/acme', now(), id, 'record', 'info', '\\x007b7d', '[]', now() from unnest($1::uuid[]) id`,
    [events],
  );
  await pool.query(
    `insert into ${schema}.event_dedupe (tenant, digest, root, stored_at)
     select 'acme', substring(sha256(convert_to('key:delivery:' || id, 'UTF8')) for 16), id, now() from unnest($1::uuid[]) id`,
    [events],
  );
  await pool.query(`insert into ${schema}.event_marks (tenant, root) values ('acme', $1)`, [marked]);
  await pool.query(run(schema, 'succeeded'), [ended, automation]);
  await pool.query(run(schema, 'running'), [open, automation]);
  await pool.query(
    `insert into ${schema}.dispatch_history (handle, ${dispatchFields}, output, finished_at, attempt_outcome, attempt_started_at, attempt_holder)
     select nextval('${schema}.dispatch_handles'), ${dispatchValues('succeeded', 2)}, '{"key":"OPS-1"}', now(), 'succeeded', now(), 'worker-a'`,
    [ended, automation],
  );
  await pool.query(
    `insert into ${schema}.attempts (tenant, root, target, replay, path, number, round, outcome, started_at, holder, fence)
     values ('acme', $1, 'automation:' || $2::text, 0, 'ticket', 1, 1, 'failed', now(), 'worker-a', 1)`,
    [ended, automation],
  );
  await pool.query(
    `insert into ${schema}.dispatches (handle, ${dispatchFields}, parked)
     select nextval('${schema}.dispatch_handles'), ${dispatchValues('pending', 0)}, false`,
    [open, automation],
  );
  return { ended, open, automation, marked, count: events.length };
}
