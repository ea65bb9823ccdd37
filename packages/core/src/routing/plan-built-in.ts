import { type BuiltInAction, builtInHandler } from '../connector/built-in-action.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import type { Json } from '../json/json.ts';
import type { PlannedStep, StepToPlan } from './planned-step.ts';

/** The dispatch of a step that goes through no connection. */
export function planBuiltIn({ registry, automation, run, ordering, intent }: Omit<StepToPlan, 'configuration' | 'majors'>): PlannedStep {
  const { step } = intent.step;
  const action = registry.builtIn.find(step.action);
  if (!action) {
    const message = `Step ${step.id} uses ${step.action}, which this hub has not. Configure it in every process, or correct the automation.`;
    return { error: { code: 'unknown_action', message } };
  }
  try {
    return {
      dispatch: {
        ...builtInDispatch(action, intent.input),
        key: { tenant: run.tenant, root: run.root, target: `automation:${automation.id}`, replay: run.replay, path: intent.path },
        workClass: run.replay > 0 ? 'replay' : 'live',
        version: automation.version,
        onUnknown: step.onUnknown ?? 'hold',
        ordering,
      },
    };
  } catch (error) {
    // What a lane is worked out from may be anything that an expression gave.
    return { error: toErrorRecord(error) };
  }
}

/** What every dispatch of a built-in action is, whoever asks for it. `input` is JSON text. */
export function builtInDispatch(
  action: BuiltInAction,
  input: string,
): Pick<NewDispatch, 'handler' | 'lane' | 'operation' | 'connection' | 'input' | 'delayMs' | 'mark'> {
  return {
    handler: builtInHandler(action.name),
    lane: action.lane?.(JSON.parse(input) as Json) ?? builtInHandler(action.name),
    operation: action.name.slice(action.name.indexOf('.') + 1),
    connection: null,
    input,
    delayMs: 0,
    mark: action.idempotency === 'unsafe' ? 'begin' : 'claim',
  };
}
