import { advance } from '../automation/advance.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { isEscalation, withoutEscalation } from '../automation/fail-run.ts';
import type { Advance, Intent } from '../automation/run-advance.ts';
import { encodeRunState } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch, RunKey, RunStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { planStep } from './plan-step.ts';
import type { PlannedStep } from './planned-step.ts';
import { timerDispatch } from './timer-dispatch.ts';

/** Where a run stands after an advance, with the dispatches that follow. */
export interface PlannedAdvance {
  readonly status: RunStatus;
  /** JSON text. */
  readonly state: string;
  readonly error: ErrorRecord | null;
  readonly next: readonly NewDispatch[];
  /** Some step could not become a dispatch, so that it has failed. */
  readonly isBroken: boolean;
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

/** Turns what a run wants into dispatches. A step that cannot become one has failed with the reason. */
export function planAdvance({ advance: first, event, use, ...rest }: AdvanceInput): PlannedAdvance {
  const next: NewDispatch[] = [];
  let now = first;
  let isBroken = false;
  const waiting = [...first.intents];
  for (let intent = waiting.shift(); intent !== undefined; intent = waiting.shift()) {
    const { path } = intent;
    // People are told at once, and a run whose escalation waits keeps no other from its turn.
    const ordering = isEscalation(path) ? null : (now.state.ordering ?? null);
    const planned = planIntent({ ...rest, majors: now.state.majors, ordering }, intent);
    isBroken ||= 'error' in planned;
    if ('dispatch' in planned) next.push(planned.dispatch);
    else if (isEscalation(path)) now = { ...now, error: now.error && withoutEscalation(now.error, planned.error) };
    else {
      const { automation } = rest;
      now = advance({ automation, event, state: now.state, path, result: { ended: 'failed', error: planned.error }, use }) ?? now;
      waiting.push(...now.intents);
    }
  }
  return { status: now.status, state: encodeRunState(now.state), error: now.error, next, isBroken };
}

function planIntent(input: Omit<Parameters<typeof planStep>[0], 'intent'>, intent: Intent): PlannedStep {
  return 'timer' in intent ? { dispatch: timerDispatch(input, intent) } : planStep({ ...input, intent });
}
