import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { Refusal } from './refusal.ts';
import type { StartedReplay } from './replay-event.ts';

/** How far a replay of many events has come. Each event that was looked at is in one of `replayed`, `repeated`, `skipped` and `refused`. */
export interface ReplayProgress {
  /** Events looked at in this call. */
  readonly events: number;
  /** Of them: something was started, or would be. */
  readonly replayed: number;
  /** An earlier call with the same key has started them. */
  readonly repeated: number;
  /** Nothing of what is asked for is left to start. */
  readonly skipped: number;
  readonly refused: number;
}

/** One target, and on how many events it was started, or would be. */
export interface TargetCount {
  /** `automation:{id}` or `subscriber:{name}`. */
  readonly target: string;
  /** An automation's name as it is now, or a subscriber's. */
  readonly name: string;
  readonly count: number;
}

/** What a replay of many events came to, or would. */
export interface ReplayManyResult extends ReplayProgress {
  /** Runs and subscriber calls that were started, or would be. */
  readonly started: number;
  /** Most first. */
  readonly targets: readonly TargetCount[];
  /** The first 20 of the events, with what was started on them, or would be. */
  readonly samples: readonly ReplaySample[];
  /** The first 100. */
  readonly refusals: readonly Refusal[];
  /** Goes on behind the last event; `null` where all were looked at. */
  readonly cursor: string | null;
}

/** One event of a replay. */
export interface ReplaySample {
  readonly eventId: string;
  readonly type: string;
  /** Milliseconds since 1970, on the store's clock. */
  readonly storedAt: number;
  readonly targets: readonly string[];
}

const mostSamples = 20;
/** Most refusals that an answer lists; all are counted. */
export const mostRefusals = 100;

/** Counts what becomes of events. */
export interface ReplayTally {
  add(record: EventRecord, outcome: Pick<StartedReplay, 'targets' | 'isRepeated'>): void;
  refuse(refusal: Refusal): void;
  progress(): ReplayProgress;
  result(cursor: string | null, nameOf: (target: string) => string): ReplayManyResult;
}

/** A tally of nothing yet. */
export function createReplayTally(): ReplayTally {
  const counts = { events: 0, replayed: 0, repeated: 0, skipped: 0, refused: 0 };
  const byTarget = new Map<string, number>();
  const samples: ReplaySample[] = [];
  const refusals: Refusal[] = [];
  return {
    add({ id, type, storedAt }, { targets, isRepeated }) {
      counts.events += 1;
      counts[isRepeated ? 'repeated' : targets.length > 0 ? 'replayed' : 'skipped'] += 1;
      if (isRepeated || targets.length === 0) return;
      for (const target of targets) byTarget.set(target, (byTarget.get(target) ?? 0) + 1);
      if (samples.length < mostSamples) samples.push({ eventId: id, type, storedAt, targets });
    },
    refuse(refusal) {
      counts.events += 1;
      counts.refused += 1;
      if (refusals.length < mostRefusals) refusals.push(refusal);
    },
    progress: () => ({ ...counts }),
    result: (cursor, nameOf) => ({ ...counts, ...countTargets(byTarget, nameOf), samples, refusals, cursor }),
  };
}

/** Targets with their counts, most first, and how many that makes together. */
export function countTargets(
  byTarget: ReadonlyMap<string, number>,
  nameOf: (target: string) => string,
): { readonly started: number; readonly targets: readonly TargetCount[] } {
  const targets = [...byTarget].map(([target, count]) => ({ target, name: nameOf(target), count }));
  targets.sort((left, right) => right.count - left.count || (left.target < right.target ? -1 : 1));
  return { started: targets.reduce((sum, { count }) => sum + count, 0), targets };
}
