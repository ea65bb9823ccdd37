import type { NewDispatch } from '@patchbay/core/adapter';
import { allDispatches, type Model, type ModelDispatch, type ModelRoot } from './model.ts';

/** Names the ordering key of a dispatch among all; `null` where it has none. */
const lineOf = ({ given: { key, ordering } }: ModelDispatch): string | null =>
  ordering === null ? null : JSON.stringify([key.tenant, key.target, ordering.key]);

const opens = new Set(['pending', 'leased', 'held']);

/** True for a dead dispatch that keeps its turn. */
export const blocks = ({ status, given }: ModelDispatch): boolean => status === 'dead' && given.ordering?.onDead === 'block';

/** The number for a new dispatch: that of its turn, or the next. */
export function turnNumber(model: Model, root: ModelRoot, { key, ordering }: NewDispatch): number {
  const before = root.dispatches.find(
    ({ given }) => given.ordering?.key === ordering?.key && given.key.target === key.target && given.key.replay === key.replay,
  );
  if (before !== undefined) return before.number;
  model.numbers += 1;
  return model.numbers;
}

/** True where the dispatch waits for nobody's turn but its own. */
export function hasTurn(model: Model, dispatch: ModelDispatch): boolean {
  const line = lineOf(dispatch);
  return line === null || model.turns.get(line) === dispatch.number;
}

/** What was due before is due from now on. */
function begin(model: Model, line: string, number: number): void {
  model.turns.set(line, number);
  for (const dispatch of allDispatches(model)) {
    if (dispatch.status === 'pending' && dispatch.number === number && lineOf(dispatch) === line)
      dispatch.dueAt = Math.max(dispatch.dueAt, model.now);
  }
}

/** Hands on the keys whose turn has ended: to the lowest number that is open. */
export function passTurns(model: Model): void {
  const open = new Map<string, number[]>();
  for (const dispatch of allDispatches(model)) {
    const line = lineOf(dispatch);
    if (line === null || !(opens.has(dispatch.status) || blocks(dispatch))) continue;
    open.set(line, [...(open.get(line) ?? []), dispatch.number]);
  }
  for (const line of model.turns.keys()) if (!open.has(line)) model.turns.delete(line);
  for (const [line, numbers] of open) {
    const current = model.turns.get(line);
    if (current === undefined || !numbers.includes(current)) begin(model, line, Math.min(...numbers));
  }
}
