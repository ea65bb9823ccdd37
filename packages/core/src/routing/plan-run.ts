import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { failRun, isEscalation, withoutEscalation } from '../automation/fail-run.ts';
import type { Advance } from '../automation/run-advance.ts';
import { encodeRunState } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch, RunKey, RunStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { planStep } from './plan-step.ts';

/** Where a run stands after an advance, with the dispatches that follow. */
export interface PlannedAdvance {
  readonly status: RunStatus;
  /** JSON text. */
  readonly state: string;
  readonly error: ErrorRecord | null;
  readonly next: readonly NewDispatch[];
}

/** What turns into dispatches, and where. */
export interface AdvanceInput {
  readonly registry: ConnectorRegistry;
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly run: RunKey;
  readonly event: HubEvent;
  readonly advance: Advance;
  /** What the input of an escalation uses is added to it. */
  readonly use?: FuelUse;
}

/** Turns what a run wants into dispatches. A step that cannot become one fails the run with the reason. */
export function planAdvance({ advance, event, use, ...rest }: AdvanceInput): PlannedAdvance {
  const next: NewDispatch[] = [];
  const { state, status } = advance;
  for (const intent of advance.intents) {
    // People are told at once, and a run whose escalation waits keeps no other from its turn.
    const ordering = isEscalation(intent.path) ? null : (state.ordering ?? null);
    const planned = planStep({ ...rest, majors: state.majors, ordering, intent });
    if ('dispatch' in planned) next.push(planned.dispatch);
    else if (status === 'failed') return { ...ended(advance), error: advance.error && withoutEscalation(advance.error, planned.error) };
    else {
      const { id: step } = intent.step.step;
      return planAdvance({
        ...rest,
        event,
        advance: failRun({ automation: rest.automation, event, state, step, error: planned.error, use }),
      });
    }
  }
  return { ...ended(advance), next };
}

function ended({ status, state, error }: Advance): PlannedAdvance {
  return { status, state: encodeRunState(state), error, next: [] };
}
