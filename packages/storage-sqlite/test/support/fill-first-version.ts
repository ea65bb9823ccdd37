import { DatabaseSync } from 'node:sqlite';
import { handler, newId } from '@patchbay/storage-records';
import { migrations } from '../../src/schema/tables.ts';

/** What {@link fillFirstVersion} has stored. */
export interface FirstRows {
  /** Event whose run has succeeded. */
  readonly ended: string;
  /** Event whose run waits for its dispatch. */
  readonly open: string;
  /** Event that waits to be routed. */
  readonly marked: string;
  readonly automation: string;
}

const value = (connection: string): string => JSON.stringify({ connection, connector: 'github', sealed: 'c2VhbGVk' });

const configured = [
  ['connections', 'acme', 'c-1', 'main', '{"connector":"github","externalAccountId":"account-1"}'],
  ['connections', 'globex', 'c-2', 'main', '{"connector":"github"}'],
  ['credentials', 'acme', 'k-1', 'c-1', value('c-1')],
  ['credentials', 'globex', 'k-2', 'c-2', value('c-2')],
  ['credentials', 'globex', 'k-3', 'c-1', value('c-1')],
  ['registrations', 'acme', 'r-1', 'hook', value('c-1')],
] as const;

const run = `insert into runs (tenant, root, automation, replay, automation_name, version, status, state, revision, started_at)
  values ('acme', ?, ?, 0, 'triage', 1, ?, '{"steps":{}}', 1, 1790000000000)`;

const dispatch = `insert into dispatches (tenant, root, target, replay, path, handler, lane, work_class, operation, version, mark, on_unknown, status,
    parked, created_at, due_at, input)
  values ('acme', ?, 'automation:' || ?, 0, 'ticket', '${handler}', 'connection:1', 'live', 'create_issue', 1, 'claim', 'hold', ?, 0, 1, 1, '{"a":1}')`;

/** Makes a file of version 1, as a package of that version would have left it, with rows in every state. */
export function fillFirstVersion(file: string): FirstRows {
  const database = new DatabaseSync(file);
  database.exec([...(migrations[0] ?? []), 'pragma application_id = 0x50424159', 'pragma user_version = 1'].join(';'));
  const [ended, open, marked, automation] = [newId(), newId(), newId(), newId()];
  const event =
    database.prepare(`insert into events (tenant, id, type, source, time, correlation, class, severity, considered, stored_at, data)
    values ('acme', ?, 'github.issue.opened', '/tenants/acme', 1790000000000, ?, 'record', 'info', '[]', 1790000000000, x'007b7d')`);
  const guard = database.prepare("insert into event_dedupe values ('acme', 'key:delivery:' || ?, ?, null, 1790000000000)");
  for (const root of [ended, open, marked, ...Array.from({ length: 200 }, () => newId())]) {
    event.run(root, root);
    guard.run(root, root);
  }
  database.prepare("insert into event_marks (tenant, root) values ('acme', ?)").run(marked);
  for (const [root, runStatus, status] of [
    [ended, 'succeeded', 'succeeded'],
    [open, 'running', 'pending'],
  ] as const) {
    database.prepare(run).run(root, automation, runStatus);
    database.prepare(dispatch).run(root, automation, status);
  }
  for (const [table, tenant, id, name, json] of configured) {
    database
      .prepare(`insert into ${table} (tenant, id, name, version, value, updated_at) values (?, ?, ?, 4, ?, 1)`)
      .run(tenant, id, name, json);
  }
  database.exec("insert into configuration_revisions values ('acme', 7)");
  database.close();
  return { ended, open, marked, automation };
}
