import type { ErrorRecord } from '../errors/error-record.ts';
import type { CompiledStep } from './compile-automation.ts';
import type { RunState } from './run-state.ts';

/** A dispatch that a run wants: one step instance with its input rendered. */
export interface Intent {
  /** Place of the step instance. */
  readonly path: string;
  readonly step: CompiledStep;
  /** JSON text. */
  readonly input: string;
}

/** Where a run stands after a change. */
export interface Advance {
  readonly state: RunState;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly error: ErrorRecord | null;
  readonly intents: readonly Intent[];
}
