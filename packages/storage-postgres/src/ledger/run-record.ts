import type { ErrorRecord, RunRecord, RunStatus } from '@patchbay/core/adapter';
import { number, optionalJson, optionalNumber, type Row, text } from '../row.ts';

/** Target of the dispatches of a run: this and the automation's id. */
const automationPrefix = 'automation:';

/** Target of an automation's dispatches. */
export const automationTarget = (automation: string): string => `${automationPrefix}${automation}`;

/** The automation that a target names, or `null` where it is another's. */
export const automationOf = (target: string): string | null =>
  target.startsWith(automationPrefix) ? target.slice(automationPrefix.length) : null;

/** Select list of a run, each name with `run_` before it, for {@link runRecord}. */
export const runColumns = (schema: string, alias: string): string =>
  [
    ...['tenant', 'root', 'automation', 'replay', 'automation_name', 'version', 'status', 'state', 'error', 'revision'].map(
      (name) => `${alias}.${name} as run_${name}`,
    ),
    ...['started_at', 'finished_at'].map((name) => `${schema}.millis(${alias}.${name}) as run_${name}`),
  ].join(', ');

/** Joins the run that a dispatch belongs to, where it is open. The limit keeps it a look-up by key: a join could be planned as a walk over all runs. */
export const joinRun = (schema: string, dispatch: string, alias: string): string => `
  left join lateral (
    select r.* from ${schema}.runs r
    where ${dispatch}.target like '${automationPrefix}%' and r.tenant = ${dispatch}.tenant and r.root = ${dispatch}.root
      and r.automation = substr(${dispatch}.target, ${automationPrefix.length + 1}) and r.replay = ${dispatch}.replay
    limit 1) ${alias} on true`;

// The words of this column come from this package's own statements only.
const isRunStatus = (value: string): value is RunStatus => /^(running|succeeded|failed|cancelled)$/.test(value);

function runStatusOf(value: string): RunStatus {
  if (isRunStatus(value)) return value;
  throw new TypeError(`The status ${value} of a run is not known to this version of the package.`);
}

/** Reads a run from a row of {@link runColumns}. */
export const runRecord = (row: Row): RunRecord => ({
  key: {
    tenant: text(row, 'run_tenant'),
    root: text(row, 'run_root'),
    automation: text(row, 'run_automation'),
    replay: number(row, 'run_replay'),
  },
  automationName: text(row, 'run_automation_name'),
  version: number(row, 'run_version'),
  status: runStatusOf(text(row, 'run_status')),
  state: text(row, 'run_state'),
  error: optionalJson<ErrorRecord>(row, 'run_error'),
  revision: number(row, 'run_revision'),
  startedAt: number(row, 'run_started_at'),
  finishedAt: optionalNumber(row, 'run_finished_at'),
});

/** The run of a row that may have none. */
export const optionalRun = (row: Row): RunRecord | null => ((row['run_tenant'] ?? null) === null ? null : runRecord(row));
