import { toErrorRecord } from '../../errors/error-record.ts';
import type { HubEvent } from '../../event/hub-event.ts';
import type { CompiledTemplate } from '../../expression/compile-template.ts';
import type { FuelUse } from '../../expression/frame.ts';
import type { Json } from '../../json/json.ts';
import type { CompiledCondition } from '../../rules/compile-condition.ts';
import type { Intent } from '../run-advance.ts';
import type { Progress, StepFailure, StopMark } from '../run-state.ts';

/** One change of a run while it is worked out. */
export interface Turn {
  readonly event: HubEvent;
  /** When that began which the run goes on from, on the store's clock; `null`: when the run did. */
  readonly since: number | null;
  readonly intents: Intent[];
  /** What all expressions of this change have used. */
  readonly use: FuelUse;
  /** Over the whole run. */
  readonly made: { steps: number; actions: number };
  stop: StopMark | null;
  /** Ids of the events that waits have taken. */
  readonly taken: string[];
}

/** What expressions at a place know. It grows while its steps end. */
export interface Frame {
  readonly outer: Frame | null;
  readonly steps: Record<string, { readonly output: Json }>;
  readonly vars: Record<string, Json>;
  readonly item?: { readonly value: Json; readonly index: number };
  readonly failure?: StepFailure;
}

/** What became of a step, or of a row of steps that stands at a place. */
export type Went<At> =
  | { readonly is: 'ended' }
  | { readonly is: 'open'; readonly at: At }
  | { readonly is: 'failed'; readonly at: At; readonly failure: StepFailure }
  | { readonly is: 'stopped'; readonly at: At };

/** What became of one step. */
export type StepWent = Went<Progress | undefined>;

/** Most steps that a run enters, and most actions that it begins: what is more is a mistake, or meant to do harm. */
export const mostOfRun = { steps: 10_000, actions: 1_000 } as const;

/** What the expressions of one change may use together, so that others get their turn: 2,000,000 steps took 70 ms on a two-core cloud machine. */
const mostUse: Readonly<FuelUse> = { steps: 2_000_000, bytes: 64 * 1_048_576 };

/** Counts a step that is entered. The failure where there have been too many, or too much was worked out at once. */
export function countStep({ made, use }: Turn, path: string): StepFailure | null {
  made.steps += 1;
  if (made.steps > mostOfRun.steps) return tooMuch(path, `The run has more than ${mostOfRun.steps} steps. Let its loops go over less.`);
  if (use.steps < mostUse.steps && use.bytes < mostUse.bytes) return null;
  return tooMuch(path, 'The control steps of the run have worked out more than a run may between two actions. Let its loops go over less.');
}

/** Counts an action that begins. The failure where there have been too many. */
export function countAction({ made }: Turn, path: string): StepFailure | null {
  made.actions += 1;
  if (made.actions <= mostOfRun.actions) return null;
  return tooMuch(
    path,
    `The run has begun ${mostOfRun.actions} actions, and may begin no more. Let its loops go over less, or use several events.`,
  );
}

function tooMuch(step: string, message: string): StepFailure {
  return { step, error: { code: 'fuel_exhausted', message }, isFinal: true };
}

/** Renders a template at a place. */
export function render(turn: Turn, template: CompiledTemplate, frame: Frame): Json {
  return template.render(scopeOf(turn, frame), turn.use);
}

/** Tests a condition at a place. */
export function holds(turn: Turn, condition: CompiledCondition, frame: Frame): boolean {
  return condition.test(scopeOf(turn, frame), turn.use);
}

/** Pays for names that are copied, so that expressions can read them: 0.1 to 0.2 us each. */
export function payForNames({ use }: Pick<Turn, 'use'>, ...copied: readonly object[]): void {
  for (const names of copied) use.steps += 4 * Object.keys(names).length;
}

/** What the expressions at a place know, by name. What it takes to put it together is added to `use`. */
export function scopeOf({ event, use }: Pick<Turn, 'event'> & Partial<Pick<Turn, 'use'>>, frame: Frame): Readonly<Record<string, unknown>> {
  const { item, failure, outer } = frame;
  const steps = visibleSteps(frame);
  if (use !== undefined && outer !== null) payForNames({ use }, steps);
  return {
    event,
    steps,
    vars: frame.vars,
    ...(item === undefined ? {} : { item: item.value, index: item.index }),
    ...(failure === undefined ? {} : { failure: shownFailure(failure) }),
  };
}

/** A failure as expressions see it. */
export function shownFailure({ step, error }: StepFailure): { readonly step: string; readonly code: string; readonly message: string } {
  return { step, code: error.code, message: error.message };
}

function visibleSteps({ outer, steps }: Frame): Frame['steps'] {
  return outer === null ? steps : { ...visibleSteps(outer), ...steps };
}

/** The failure of a step that cannot be worked out. */
export function faultOf(path: string, what: string, thrown: unknown): StepFailure {
  const record = toErrorRecord(thrown);
  return { step: path, error: { ...record, message: `${what}: ${record.message}` } };
}
