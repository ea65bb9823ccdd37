import type { ScriptFault, ScriptPosition } from '@patchbay/core/host';

/** What a runtime may take; fixed for the life of a thread. */
export interface ScriptLimits {
  /** Interrupts before it is ended: QuickJS interrupts itself every 10,000 calls and turns of loops. */
  readonly fuel: number;
  readonly memoryBytes: number;
  readonly stackBytes: number;
  /** Longest result, characters of its JSON text. */
  readonly outputLength: number;
}

/** What a thread is asked. */
export type ScriptJob =
  | { readonly kind: 'check'; readonly source: string }
  | { readonly kind: 'run'; readonly source: string; readonly input: string; readonly time: number; readonly seed: string };

/** What comes back. */
export type ScriptAnswer =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly fault: ScriptFault; readonly message: string; readonly at?: ScriptPosition | undefined };

/** What a thread says: that it is there, or an answer. `isSpent`: it is not to be used again. */
export type ThreadWord = 'ready' | { readonly answer: ScriptAnswer; readonly isSpent: boolean };
