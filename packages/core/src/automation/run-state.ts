import type { Ordering } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { Json } from '../json/json.ts';

/** Majors of the connectors that a run uses, by connector id: a run keeps those that it began with. */
export type ConnectorMajors = Readonly<Record<string, number>>;

/** Results of finished steps by id, as expressions see them. */
export type StepOutputs = Readonly<Record<string, { readonly output: Json }>>;

/** Why a step has failed. `step` is its place. */
export interface StepFailure {
  readonly step: string;
  readonly error: ErrorRecord;
  /** No error path may go on from it. @default one may */
  readonly isFinal?: true;
}

/** Where a row of steps stands. */
export interface Place {
  /** Index of the step that is under way; the number of steps once all are done. */
  readonly at: number;
  /** How far that step is. @default its dispatch is under way, or has failed for good */
  readonly on?: Progress;
}

/** How far a step is that is more than one dispatch. */
export type Progress =
  /** The steps of its error path are under way, or have ended. */
  | { readonly failure: StepFailure; readonly in: Place }
  /** An arm of a branch, or the steps of a group (0). */
  | { readonly arm: number; readonly in: Place }
  | { readonly each: EachProgress };

/** How far a loop is. */
export interface EachProgress {
  readonly items: readonly Json[];
  /** Index of the first item that has not begun. */
  readonly next: number;
  /** Items that have begun and not ended well, by index. */
  readonly open: Readonly<Record<string, ItemProgress>>;
  /** What was collected of ended items, by index. */
  readonly collected: Readonly<Record<string, Json>>;
}

/** How far one item is. */
export interface ItemProgress {
  readonly place: Place;
  readonly steps: StepOutputs;
  readonly vars: Readonly<Record<string, Json>>;
  /** It has failed; it stands where it failed, so that the step can be tried again. @default it is under way */
  readonly failure?: StepFailure;
}

/** How a run is to end as soon as nothing of it is under way. */
export interface StopMark {
  readonly as: 'succeeded' | 'failed';
  readonly message: string;
  /** Of the error that it fails with. @default 'stopped' */
  readonly code?: string;
  /** Where it was stopped. @default 'flow.stop' */
  readonly step?: string;
}

/**
 * What a run remembers between its steps. Only this room reads or writes it. A run of actions alone has the first members and no more, as it was
 * written before there were control steps; so both are read alike.
 */
export interface RunState extends Place {
  readonly steps: StepOutputs;
  /** Set by `flow.set`. @default nothing is */
  readonly vars?: Readonly<Record<string, Json>>;
  /** Steps that were entered and actions that were begun, over the whole run. @default it is not counted */
  readonly made?: { readonly steps: number; readonly actions: number };
  /** Ids of the events that its waits have taken, so that none that begins later takes them again. @default none */
  readonly taken?: readonly string[];
  /** @default it goes on */
  readonly stop?: StopMark;
  /** The run that it goes on from, as people see its id, and from which step. @default it began at its first step */
  readonly rerunOf?: { readonly run: string; readonly from: string };
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

/** What a run begins with that goes on from a step of another. */
export type Resumption = Pick<RunState, 'at' | 'steps' | 'vars' | 'rerunOf'>;

/** A run before its first step, or before the one that it goes on from. */
export function newRunState(begin: Partial<Pick<RunState, 'majors'> & ReplayMark> & { readonly from?: Resumption } = {}): RunState {
  const { majors = {}, replayKey = null, replayTargets, from } = begin;
  return { at: 0, steps: {}, majors, replayKey, ...(replayTargets === undefined ? {} : { replayTargets }), ...from };
}

/** A run's state as JSON text. */
export function encodeRunState(state: RunState): string {
  return JSON.stringify(state);
}

/** A run's state from its JSON text, as {@link encodeRunState} wrote it. */
export function decodeRunState(text: string): RunState {
  return JSON.parse(text) as RunState;
}
