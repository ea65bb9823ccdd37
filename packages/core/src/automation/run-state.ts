import type { Ordering } from '../contracts/dispatch-records.ts';
import type { Json } from '../json/json.ts';

/** Majors of the connectors that a run uses, by connector id: a run keeps those that it began with. */
export type ConnectorMajors = Readonly<Record<string, number>>;

/** What a run remembers between its steps. Only this room reads or writes it. */
export interface RunState {
  /** Index of the step that is under way; the number of steps once all are done. */
  readonly at: number;
  /** Results of finished steps by id, as expressions see them. */
  readonly steps: Readonly<Record<string, { readonly output: Json }>>;
  readonly majors: ConnectorMajors;
  /** The host's key of the replay that started it: a repeated call finds it again. `null` where there was none. */
  readonly replayKey: string | null;
  /** How many targets that replay is of, where they were stored in more than one step. @default all are there */
  readonly replayTargets?: number;
  /** Times that people were told of its failing; a step that is tried again by hand may fail again. @default 0 */
  readonly escalations?: number;
  /** What its dispatches are ordered by; rendered once, when it began. @default nothing */
  readonly ordering?: Ordering;
}

/** What tells the runs of one replay from others: the host's key, and how many targets there are. */
export type ReplayMark = Pick<RunState, 'replayKey' | 'replayTargets'>;

/** A run before its first step. */
export function newRunState(begin: Partial<Pick<RunState, 'majors'> & ReplayMark> = {}): RunState {
  const { majors = {}, replayKey = null, replayTargets } = begin;
  return { at: 0, steps: {}, majors, replayKey, ...(replayTargets === undefined ? {} : { replayTargets }) };
}

/** A run's state as JSON text. */
export function encodeRunState(state: RunState): string {
  return JSON.stringify(state);
}

/** A run's state from its JSON text, as {@link encodeRunState} wrote it. */
export function decodeRunState(text: string): RunState {
  return JSON.parse(text) as RunState;
}
