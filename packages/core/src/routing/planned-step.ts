import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { ActionIntent } from '../automation/run-advance.ts';
import type { ConnectorMajors } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch, Ordering, RunKey } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';

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
  readonly intent: ActionIntent;
}
