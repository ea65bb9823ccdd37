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
  /** Results of finished steps by id. */
  readonly outputs: Readonly<Record<string, Json>>;
}

/** A run with everything that was done in it. */
export interface RunDetail extends Run {
  /** In order of their creation. */
  readonly steps: readonly DispatchView[];
}

/** The host's view of a stored run. */
export function toRun(record: RunRecord): Run {
  const { key, automationName, version, status, error, startedAt, finishedAt, state } = record;
  const outputs = Object.fromEntries(Object.entries(decodeRunState(state).steps).map(([id, step]) => [id, step.output]));
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
