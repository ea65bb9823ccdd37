import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { renderInput } from '../expression/render-input.ts';
import type { CompiledAutomation } from './compile-automation.ts';
import type { Advance } from './run-advance.ts';
import type { RunState } from './run-state.ts';

/** What an escalation's input reads of `failure`. */
export const failureAttributes = ['step', 'code', 'message'] as const;

/** Why a run fails, and at which step. */
export interface RunFailure {
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly state: RunState;
  readonly step: string;
  readonly error: ErrorRecord;
  /** What the input of its escalation uses is added to it. */
  readonly use?: FuelUse | undefined;
}

/** A run that has failed, with the escalation that its automation asks for. It stands where it stood, so that the step can be tried again. */
export function failRun({ automation, event, state, step, error, use }: RunFailure): Advance {
  const { escalation } = automation;
  const failed: Advance = { state, status: 'failed', error, intents: [] };
  if (!escalation) return failed;
  const escalations = (state.escalations ?? 0) + 1;
  const failure: Readonly<Record<(typeof failureAttributes)[number], string>> = { step, code: error.code, message: error.message };
  try {
    const input = renderInput(escalation.template, { event, failure }, use);
    // No step's id holds a dot.
    return { ...failed, state: { ...state, escalations }, intents: [{ path: `escalation.${escalations}`, step: escalation, input }] };
  } catch (fault) {
    return { ...failed, error: withoutEscalation(error, toErrorRecord(fault)) };
  }
}

/** Is this the place of an escalation? */
export const isEscalation = (path: string): boolean => path.startsWith('escalation.');

/** The error of a run whose escalation cannot be sent: it says that nobody was told. */
export function withoutEscalation(error: ErrorRecord, fault: ErrorRecord): ErrorRecord {
  return { ...error, message: `${error.message} Its escalation cannot be sent: ${fault.message}` };
}
