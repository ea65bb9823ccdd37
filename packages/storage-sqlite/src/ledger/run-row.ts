import type { DispatchKey, NewRun, RunChange, RunKey, RunRecord, RunStatus } from '@patchbay/core/adapter';
import { insertInto } from '../sql/insert.ts';
import { number, optionalJson, optionalNumber, type Row, text, toJson, word } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const statuses: readonly RunStatus[] = ['running', 'succeeded', 'failed', 'cancelled'];

/** Reads a run. */
export const runRecord = (row: Row): RunRecord => ({
  key: { tenant: text(row, 'tenant'), root: text(row, 'root'), automation: text(row, 'automation'), replay: number(row, 'replay') },
  automationName: text(row, 'automation_name'),
  version: number(row, 'version'),
  status: word(row, 'status', statuses),
  state: text(row, 'state'),
  error: optionalJson(row, 'error'),
  revision: number(row, 'revision'),
  startedAt: number(row, 'started_at'),
  finishedAt: optionalNumber(row, 'finished_at'),
});

const byKey = 'tenant = ? and root = ? and automation = ? and replay = ?';
const find = `select * from runs where ${byKey}`;

/** The run of a key, or `null`. */
export function findRun(session: Session, { tenant, root, automation, replay }: RunKey): RunRecord | null {
  const row = session.get(find, tenant, root, automation, replay);
  return row === undefined ? null : runRecord(row);
}

/** What the target of a dispatch begins with that belongs to a run. */
const automationPrefix = 'automation:';

/** Target of the dispatches of an automation. */
export const automationTarget = (automation: string): string => `${automationPrefix}${automation}`;

/** The run that a dispatch belongs to, or `null` where it belongs to none. */
export function runOfDispatch(session: Session, { tenant, root, target, replay }: DispatchKey): RunRecord | null {
  if (!target.startsWith(automationPrefix)) return null;
  return findRun(session, { tenant, root, automation: target.slice(automationPrefix.length), replay });
}

const insert = insertInto(
  'runs',
  [
    ...['tenant', 'root', 'automation', 'replay', 'automation_name', 'version', 'status', 'state', 'error', 'revision'],
    ...['started_at', 'finished_at'],
  ],
  'on conflict do nothing',
);

/** Stores a run where there is none of its key. */
export function insertRun(session: Session, run: NewRun, now: number): void {
  const { tenant, root, automation, replay } = run.key;
  const { automationName, version, status, state } = run;
  const finishedAt = status === 'running' ? null : now;
  session.run(insert, tenant, root, automation, replay, automationName, version, status, state, toJson(run.error), 1, now, finishedAt);
}

const update = `update runs set status = ?, state = ?, error = ?, finished_at = ?, revision = revision + 1 where ${byKey} and revision = ?`;

/** Applies a change to the run that it was worked out from. False, and nothing changes, where the run has moved on. */
export function changeRun(session: Session, change: Omit<RunChange, 'next'>, now: number): boolean {
  const { key, revision, status, state, error } = change;
  const finishedAt = status === 'running' ? null : now;
  const { tenant, root, automation, replay } = key;
  return session.run(update, status, state, toJson(error), finishedAt, tenant, root, automation, replay, revision) > 0;
}
