import type { OperationName } from '../operations.ts';
import type { RefusalRecord } from '../sql/refusal.ts';

/** What the thread is started with. */
export interface ThreadOptions {
  /** Absolute path. */
  readonly file: string;
  /** Milliseconds for which a call waits while another process writes. */
  readonly busyMs: number;
}

/** One call. `ready` makes the tables, `close` ends the thread's work. */
export interface Call {
  readonly id: number;
  readonly name: OperationName | 'ready' | 'close';
  readonly input: unknown;
  /** The store's time where the host brings its own clock; `null`: the machine's, read when the call is carried out. */
  readonly now: number | null;
}

/** The answer to a call. */
export type Answer = { readonly id: number; readonly output: unknown } | { readonly id: number; readonly refusal: RefusalRecord };

/** What goes to the thread: the calls of one turn of the event loop, or whether to look for what other processes commit. */
export type ToThread = { readonly calls: readonly Call[] } | { readonly watch: boolean };

/** What comes from the thread. */
export type FromThread = { readonly answers: readonly Answer[] } | { readonly changed: true };
