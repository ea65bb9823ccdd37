import type { Advance } from '../automation/advance.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { encodeRunState } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch, RunKey, RunStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import { planStep } from './plan-step.ts';

/** Where a run stands after an advance, with the dispatches that follow. */
export interface PlannedAdvance {
  readonly status: RunStatus;
  /** JSON text. */
  readonly state: string;
  readonly error: ErrorRecord | null;
  readonly next: readonly NewDispatch[];
}

/** Turns what a run wants into dispatches. A step that cannot become one fails the run with the reason. */
export function planAdvance(input: {
  readonly registry: ConnectorRegistry;
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly run: RunKey;
  readonly advance: Advance;
}): PlannedAdvance {
  const { advance, ...rest } = input;
  const state = encodeRunState(advance.state);
  const next: NewDispatch[] = [];
  const { majors } = advance.state;
  for (const intent of advance.intents) {
    const planned = planStep({ ...rest, majors, intent });
    if ('error' in planned) return { status: 'failed', state, error: planned.error, next: [] };
    next.push(planned.dispatch);
  }
  return { status: advance.status, state, error: advance.error, next };
}
