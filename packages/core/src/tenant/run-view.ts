import { isEscalation } from '../automation/fail-run.ts';
import { decodeRunState } from '../automation/run-state.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { RunRecord, RunStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { Json } from '../json/json.ts';
import type { DispatchView } from './dispatch-view.ts';

/** A run as the host sees it. Times are milliseconds since 1970 on the store's clock. */
export interface Run {
  readonly id: string;
  readonly eventId: string;
  readonly automation: string;
  readonly automationName: string;
  readonly version: number;
  /** 0 for the first, counts replays. */
  readonly replay: number;
  readonly status: RunStatus;
  readonly error: ErrorRecord | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Results of finished steps by id; what steps inside of a loop gave is in their dispatches. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** What its steps have set, outside of loops. */
  readonly vars: Readonly<Record<string, Json>>;
  /** The run that it goes on from, and at which step; `null` for one that began at its first. */
  readonly rerunOf: { readonly run: string; readonly from: string } | null;
}

/** A run with everything that was done in it. */
export interface RunDetail extends Run {
  /** Its dispatches in order of their creation. A path names the place: `each[3]/create` is the step `create` for the item 3 of the loop `each`. */
  readonly steps: readonly DispatchView[];
}

/** The host's view of a stored run. */
export function toRun(record: RunRecord): Run {
  const { key, automationName, version, status, error, startedAt, finishedAt, state } = record;
  const { steps, vars = {}, rerunOf = null } = decodeRunState(state);
  const outputs = Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, step.output]));
  return {
    id: formatRunId(key),
    eventId: key.root,
    automation: key.automation,
    automationName,
    version,
    replay: key.replay,
    status,
    error,
    startedAt,
    finishedAt,
    outputs,
    vars,
    rerunOf,
  };
}

/** A run with its dispatches and their attempts. */
export function toRunDetail(record: RunRecord, steps: readonly DispatchView[]): RunDetail {
  const finished = Object.keys(decodeRunState(record.state).steps);
  // Two can be created in one millisecond; then the order in which steps ended tells, then comes what has not ended, then who was told of it.
  const place = (path: string): number =>
    finished.includes(path) ? finished.indexOf(path) : finished.length + (isEscalation(path) ? 1 : 0);
  const inOrder = [...steps].sort((left, right) => left.createdAt - right.createdAt || place(left.path) - place(right.path));
  return { ...toRun(record), steps: inOrder };
}
