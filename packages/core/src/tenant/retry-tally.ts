import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import { actionOf } from './dispatch-view.ts';
import type { Refusal } from './refusal.ts';
import { countTargets, mostRefusals, type TargetCount } from './replay-tally.ts';

/** How far a retry of many dispatches has come. */
export interface RetryProgress {
  /** Dispatches that are asked for and were looked at in this call. */
  readonly dispatches: number;
  /** Of them: a new round was opened, or would be. Two callers at the same moment may both count one that they have opened together. */
  readonly retried: number;
  /** Somebody else has opened one since it was read. */
  readonly repeated: number;
  readonly refused: number;
}

/** One dispatch of a retry. */
export interface RetrySample {
  readonly dispatchId: string;
  readonly eventId: string;
  /** Full name of the action, `jira.create_issue`; `null` for what is none, such as a subscriber's call. */
  readonly action: string | null;
  /** Code of the last error. */
  readonly code: string | null;
  readonly finishedAt: number | null;
}

/** What a retry of many dispatches came to, or would. */
export interface RetryManyResult extends RetryProgress {
  /** Automations and subscribers whose dispatches were tried again, or would be; most first. */
  readonly targets: readonly TargetCount[];
  /** How often each code of a last error was among them. */
  readonly codes: Readonly<Record<string, number>>;
  /** The first 20. */
  readonly samples: readonly RetrySample[];
  /** The first 100. */
  readonly refusals: readonly Refusal[];
  /** Goes on behind the last one; `null` where all were looked at. */
  readonly cursor: string | null;
}

const mostSamples = 20;

/** Counts what becomes of dispatches. */
export interface RetryTally {
  add(record: DispatchRecord, outcome: 'retried' | 'repeated'): void;
  refuse(refusal: Refusal): void;
  progress(): RetryProgress;
  result(cursor: string | null, nameOf: (target: string) => string): RetryManyResult;
}

/** A tally of nothing yet. */
export function createRetryTally(): RetryTally {
  const counts = { dispatches: 0, retried: 0, repeated: 0, refused: 0 };
  const byTarget = new Map<string, number>();
  const byCode = new Map<string, number>();
  const samples: RetrySample[] = [];
  const refusals: Refusal[] = [];
  return {
    add(record, outcome) {
      counts.dispatches += 1;
      counts[outcome] += 1;
      if (outcome === 'repeated') return;
      const { key, error, finishedAt } = record;
      byTarget.set(key.target, (byTarget.get(key.target) ?? 0) + 1);
      if (error !== null) byCode.set(error.code, (byCode.get(error.code) ?? 0) + 1);
      if (samples.length < mostSamples)
        samples.push({
          dispatchId: formatDispatchId(key),
          eventId: key.root,
          action: actionOf(record),
          code: error?.code ?? null,
          finishedAt,
        });
    },
    refuse(refusal) {
      counts.dispatches += 1;
      counts.refused += 1;
      if (refusals.length < mostRefusals) refusals.push(refusal);
    },
    progress: () => ({ ...counts }),
    result: (cursor, nameOf) => ({
      ...counts,
      targets: countTargets(byTarget, nameOf).targets,
      codes: Object.fromEntries([...byCode].sort(([, left], [, right]) => right - left)),
      samples,
      refusals,
      cursor,
    }),
  };
}
