import { isBuiltInName } from '../connector/built-in-action.ts';
import { majorOf } from '../connector/major-of.ts';
import { turnedOffReason } from '../connector/turned-off.ts';
import type { WorkClass } from '../contracts/dispatch-records.ts';
import { majorOfStep } from './connector-majors.ts';
import { findConnection } from './find-connection.ts';
import { planBuiltIn } from './plan-built-in.ts';
import type { PlannedStep, StepToPlan } from './planned-step.ts';

/**
 * The dispatch of a step instance: names resolved to this tenant's connection and to a connector of this process, of the major that the run
 * began with.
 */
export function planStep(input: StepToPlan): PlannedStep {
  const { registry, configuration, automation, run, majors, ordering, intent } = input;
  const { step, connector: id, operation } = intent.step;
  if (isBuiltInName(step.action)) return planBuiltIn(input);
  const major = majorOfStep(majors, id, step.connection ?? '');
  const connector = registry.find(id, major);
  const action = connector && Object.hasOwn(connector.actions, operation) ? connector.actions[operation] : undefined;
  if (!connector || !action) {
    const wanted = major === undefined ? step.action : `${step.action} of major ${major}`;
    return missing('unknown_action', `Step ${step.id} uses ${wanted}, which no registered connector has.`);
  }
  const off = turnedOffReason(configuration.choices(id), { connector: id, action: operation });
  if (off !== undefined) return { error: { code: 'turned_off', message: off } };
  const reference = step.connection ?? '';
  const connection = findConnection(configuration, id, reference);
  if (!connection) return missing('not_found', `Step ${step.id} uses the connection ${reference} of ${id}, which does not exist.`);
  const workClass: WorkClass = run.replay > 0 ? 'replay' : 'live';
  return {
    dispatch: {
      key: { tenant: run.tenant, root: run.root, target: `automation:${automation.id}`, replay: run.replay, path: intent.path },
      handler: actionHandler(id, connector.definition.version),
      lane: `connection:${connection.id}`,
      workClass,
      operation,
      connection: connection.id,
      input: intent.input,
      version: automation.version,
      delayMs: 0,
      mark: action.idempotency === 'unsafe' ? 'begin' : 'claim',
      onUnknown: step.onUnknown ?? 'hold',
      ordering,
    },
  };
}

/** The handler that executes a connector's actions; work stays with the major version that it began with. */
export function actionHandler(connector: string, version: string): string {
  return `action:${connector}@${majorOf(version)}`;
}

function missing(code: string, message: string): PlannedStep {
  return { error: { code, message: `${message} Correct the automation.` } };
}
