import type { ErrorRecord } from '../errors/error-record.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { renderInput } from '../expression/render-input.ts';
import type { Json } from '../json/json.ts';
import type { CompiledAutomation } from './compile-automation.ts';
import { failRun } from './fail-run.ts';
import { orderingOf } from './ordering-of.ts';
import type { Advance } from './run-advance.ts';
import type { RunState } from './run-state.ts';

/** How a step ended. */
export type StepResult = { readonly ended: 'succeeded'; readonly output: Json } | { readonly ended: 'failed'; readonly error: ErrorRecord };

/** The first step of a new run. An ordering key or input that errs fails the run before anything is sent. What they use is added to `use`. */
export function beginRun(automation: CompiledAutomation, event: HubEvent, state: RunState, use?: FuelUse): Advance {
  const { ordering, steps } = automation;
  if (ordering === null) return enter({ automation, event, state, use });
  try {
    return enter({ automation, event, state: { ...state, ordering: orderingOf(ordering, event, use) }, use });
  } catch (error) {
    const record = toErrorRecord(error);
    const fault = { ...record, message: `The ordering key cannot be worked out: ${record.message}` };
    return failRun({ automation, event, state, step: steps[0]?.step.id ?? '', error: fault, use });
  }
}

/** The id of the step that is under way, or `null` once all are done. */
export function currentStep(automation: CompiledAutomation, state: RunState): string | null {
  return automation.steps[state.at]?.step.id ?? null;
}

/**
 * What follows from a step's end: pure, so the same definition, state and result give the same answer. `null` for the result of a step that
 * is not under way: the run stays as it is.
 */
export function advance(input: {
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly state: RunState;
  readonly path: string;
  readonly result: StepResult;
}): Advance | null {
  const { automation, event, state, path, result } = input;
  if (currentStep(automation, state) !== path) return null;
  if (result.ended === 'failed') return failRun({ automation, event, state, step: path, error: result.error });
  return enter({ automation, event, state: { ...state, at: state.at + 1, steps: { ...state.steps, [path]: { output: result.output } } } });
}

interface Entry {
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly state: RunState;
  readonly use?: FuelUse | undefined;
}

function enter({ automation, event, state, use }: Entry): Advance {
  const step = automation.steps[state.at];
  if (!step) return { state, status: 'succeeded', error: null, intents: [] };
  try {
    const input = renderInput(step.template, { event, steps: state.steps }, use);
    return { state, status: 'running', error: null, intents: [{ path: step.step.id, step, input }] };
  } catch (error) {
    const record = toErrorRecord(error);
    const { id } = step.step;
    const fault = { ...record, message: `The input of step ${id} cannot be rendered: ${record.message}` };
    return failRun({ automation, event, state, step: id, error: fault, use });
  }
}
