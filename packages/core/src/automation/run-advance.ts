import type { ErrorRecord } from '../errors/error-record.ts';
import type { CompiledStep, DelayNode, RunNode, WaitNode } from './compiled-node.ts';
import type { RunState } from './run-state.ts';

/** A dispatch that sends something: one instance of an action with its input rendered. */
export interface ActionIntent {
  /** Place of the step instance. */
  readonly path: string;
  readonly step: CompiledStep;
  /** JSON text. */
  readonly input: string;
}

/** A dispatch of the hub's own: a time, an event or another run is waited for. */
export interface TimerIntent {
  readonly path: string;
  readonly timer: DelayNode | WaitNode | RunNode;
  /** JSON text. */
  readonly input: string;
  /** Milliseconds until it is due. */
  readonly delayMs: number;
}

/** A dispatch that a run wants. */
export type Intent = ActionIntent | TimerIntent;

/** Where a run stands after a change. */
export interface Advance {
  readonly state: RunState;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly error: ErrorRecord | null;
  readonly intents: readonly Intent[];
}
