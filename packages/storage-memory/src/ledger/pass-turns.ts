import type { State } from '../state.ts';
import { peek, remove } from '../structures/heap.ts';
import type { Line } from './entries.ts';
import { enqueue } from './transitions.ts';

function pass(state: State, line: Line): void {
  if (line.current === null || line.current.holds > 0) return;
  line.turns.delete(line.current.number);
  const next = peek(line.behind) ?? null;
  line.current = next;
  if (next === null) {
    state.lines.delete(line.name);
    return;
  }
  remove(line.behind, next);
  for (const entry of next.waiting) enqueue(state, entry, Math.max(entry.dueAt, state.clock.now()));
  next.waiting.clear();
}

/** Hands on the keys whose turn has ended in this act; what waited for its turn can be claimed when it is due. */
export function passTurns(state: State): void {
  for (const line of state.passing) pass(state, line);
  state.passing.clear();
}
