import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { Intent } from '../automation/run-advance.ts';
import type { ConnectorMajors } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isBuiltInName } from '../connector/built-in-action.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import { turnedOffReason } from '../connector/turned-off.ts';
import type { NewDispatch, Ordering, RunKey, WorkClass } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import { isUuid } from '../id/is-uuid.ts';
import { majorOf } from './connector-majors.ts';
import { planBuiltIn } from './plan-built-in.ts';

/** What one step instance becomes: a dispatch, or the reason why it cannot be one. */
export type PlannedStep = { readonly dispatch: NewDispatch } | { readonly error: ErrorRecord };

/** A step instance with what it is planned by. */
export interface StepToPlan {
  readonly registry: ConnectorRegistry;
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly run: RunKey;
  readonly majors: ConnectorMajors;
  /** What the run is ordered by; `null` where it is not, or this step is not. */
  readonly ordering: Ordering | null;
  readonly intent: Intent;
}

/**
 * The dispatch of a step instance: names resolved to this tenant's connection and to a connector of this process, of the major that the run
 * began with.
 */
export function planStep(input: StepToPlan): PlannedStep {
  const { registry, configuration, automation, run, majors, ordering, intent } = input;
  const { step, connector: id, operation } = intent.step;
  if (isBuiltInName(step.action)) return planBuiltIn(input);
  const major = majors[id];
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

/** A connection of this connector by name or id. */
export function findConnection(
  configuration: TenantConfiguration,
  connector: string,
  reference: string,
): ReturnType<TenantConfiguration['connection']> {
  const named = configuration.connectionNamed(connector, reference);
  if (named || !isUuid(reference)) return named;
  const row = configuration.connection(reference);
  return row?.value.connector === connector ? row : undefined;
}

function missing(code: string, message: string): PlannedStep {
  return { error: { code, message: `${message} Correct the automation.` } };
}
