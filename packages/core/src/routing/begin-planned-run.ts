import { beginRun } from '../automation/advance.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { encodeRunState, newRunState, type ReplayMark, type Resumption } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch, NewRun, RunKey } from '../contracts/dispatch-records.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import type { BrokenAutomation } from './broken-automation.ts';
import { connectorMajors } from './connector-majors.ts';
import { mostHops } from './count-hops.ts';
import { planAdvance } from './plan-run.ts';

/** A run to be stored, with its first dispatches; it has none where it has ended before it began. */
export interface PlannedRun {
  readonly run: NewRun;
  readonly dispatches: readonly NewDispatch[];
}

/** What a run begins with. */
export interface BeginInput {
  readonly registry: ConnectorRegistry;
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly key: RunKey;
  /** The replay that starts it. */
  readonly mark?: ReplayMark;
  /** Where it goes on from, in place of its first step. */
  readonly from?: Resumption | undefined;
  /** What its inputs use is added to it. */
  readonly use?: FuelUse;
}

/** Plans the first step of a new run. */
export function beginPlannedRun(input: BeginInput): PlannedRun {
  const { registry, configuration, automation, event, key, mark, from, use } = input;
  const state = newRunState({
    majors: connectorMajors({ registry, configuration, automation }),
    ...mark,
    ...(from === undefined ? {} : { from }),
  });
  const { next, isBroken: _, ...planned } = planAdvance({ ...input, run: key, advance: beginRun(automation, event, state, use) });
  return { run: { key, automationName: automation.name, version: automation.version, ...planned }, dispatches: next };
}

/** Code of the error of a run that was not begun. */
export const loopStopped = 'loop_stopped';

/** The run that is not begun because its event belongs to a chain of causes that goes round in a circle: it has failed, and says so. */
export function loopedRun({ name, version }: CompiledAutomation, key: RunKey): PlannedRun {
  const message = `The event is the ${mostHops}th or a later one in a chain in which each was caused by the one before, so its automations are not begun: they would go on without end. Look at event.correlation, and have one of them start on less.`;
  const error = { code: loopStopped, message };
  return { run: { key, automationName: name, version, status: 'failed', state: encodeRunState(newRunState()), error }, dispatches: [] };
}

/** The run of an automation that cannot be read: it has failed, where people look and where a replay begins. */
export function brokenRun({ name, version, error }: BrokenAutomation, key: RunKey, mark?: ReplayMark): PlannedRun {
  const message = `The automation cannot be read here: ${error.message}`.slice(0, 500);
  const run: NewRun = {
    key,
    automationName: name,
    version,
    status: 'failed',
    state: encodeRunState(newRunState(mark)),
    error: { ...error, message },
  };
  return { run, dispatches: [] };
}
