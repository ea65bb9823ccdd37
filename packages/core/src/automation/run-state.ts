import type { Json } from '../json/json.ts';

/** What a run remembers between its steps. Only this room reads or writes it. */
export interface RunState {
  /** Index of the step that is under way; the number of steps once all are done. */
  readonly at: number;
  /** Results of finished steps by id, as expressions see them. */
  readonly steps: Readonly<Record<string, { readonly output: Json }>>;
}

/** A run's state as JSON text. */
export function encodeRunState(state: RunState): string {
  return JSON.stringify(state);
}

/** A run's state from its JSON text, as {@link encodeRunState} wrote it. */
export function decodeRunState(text: string): RunState {
  return JSON.parse(text) as RunState;
}
