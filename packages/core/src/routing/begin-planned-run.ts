import { beginRun } from '../automation/advance.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { encodeRunState, newRunState, type ReplayMark } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch, NewRun, RunKey } from '../contracts/dispatch-records.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import type { BrokenAutomation } from './broken-automation.ts';
import { connectorMajors } from './connector-majors.ts';
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
  /** What its inputs use is added to it. */
  readonly use?: FuelUse;
}

/** Plans the first step of a new run. */
export function beginPlannedRun(input: BeginInput): PlannedRun {
  const { registry, automation, event, key, mark, use } = input;
  const state = newRunState({ majors: connectorMajors(registry, automation), ...mark });
  const { next, ...planned } = planAdvance({ ...input, run: key, advance: beginRun(automation, event, state, use) });
  return { run: { key, automationName: automation.name, version: automation.version, ...planned }, dispatches: next };
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
