import type { ErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import type { Json } from '../json/json.ts';
import { beginRun } from './advance.ts';
import type { CompiledAutomation } from './compile-automation.ts';
import { newRunState } from './run-state.ts';

/** A dispatch that a run begins with. */
export interface FirstStep {
  readonly path: string;
  /** `desk.file_ticket`, or `flow.delay`, `flow.wait` and `flow.run`. */
  readonly action: string;
  /** As the definition names it. */
  readonly connection: string | null;
  /** Rendered. */
  readonly input: Json;
}

/** What a run does before any answer has come. Pure. */
export interface FirstSteps {
  readonly steps: readonly FirstStep[];
  /** It fails before anything is sent. */
  readonly error: ErrorRecord | null;
}

/** Works out the first steps of a run that is not begun. */
export function firstSteps(automation: CompiledAutomation, event: HubEvent, use: FuelUse): FirstSteps {
  const { intents, error } = beginRun(automation, event, newRunState(), use);
  const steps = intents.map((intent): FirstStep => {
    const input = JSON.parse(intent.input) as Json;
    if ('timer' in intent) return { path: intent.path, action: `flow.${intent.timer.kind}`, connection: null, input };
    const { action, connection = null } = intent.step.step;
    return { path: intent.path, action, connection, input };
  });
  return { steps, error };
}
