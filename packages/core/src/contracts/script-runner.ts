import type { Clock } from '../clock/clock.ts';

/** One run of a script. The same source, input, time and seed give the same answer. */
export interface ScriptRun {
  /** Body of an asynchronous function of `input`; what it returns is its result. */
  readonly source: string;
  /** JSON text of `input`. */
  readonly input: string;
  /** What the script's clock says, milliseconds since 1970. */
  readonly time: number;
  /** What its random numbers come from. */
  readonly seed: string;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Ends it, whatever it is at. */
  readonly signal: AbortSignal;
}

/**
 * What a run came to. `threw`: the script's own error. `fuel`, `memory`, `stack`, `deadline`, `output`: it took more than it may. `syntax`: it is no
 * script. `crashed`: what ran it broke, which says nothing of the script; the next run has a new one.
 */
export type ScriptResult =
  | { readonly ok: true /** JSON text. */; readonly output: string }
  | { readonly ok: false; readonly fault: ScriptFault; readonly message: string; readonly at?: ScriptPosition | undefined };

/** Why a run gave no result. */
export type ScriptFault = 'threw' | 'fuel' | 'memory' | 'stack' | 'deadline' | 'output' | 'syntax' | 'crashed';

/** A place in a source; both count from 1. */
export interface ScriptPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Runs code that nobody trusts. It holds a script away from the process: no host object is reachable, time and memory are bounded, and this process goes on
 * while a script runs. Neither method rejects for what a script does; both reject with `overloaded` where too many wait, and with the signal's reason.
 */
export interface ScriptRunner {
  run(run: ScriptRun): Promise<ScriptResult>;
  /** Reads a source without running it. `null`: it can be run. */
  check(
    script: Pick<ScriptRun, 'source' | 'clock'> & { readonly signal?: AbortSignal },
  ): Promise<{ readonly message: string; readonly at?: ScriptPosition | undefined } | null>;
  /** Ends what runs and gives back what it holds. A later run begins anew. */
  close(): Promise<void>;
}
