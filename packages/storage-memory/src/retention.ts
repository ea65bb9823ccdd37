import type { RootEntry } from './ledger/entries.ts';
import type { State } from './state.ts';
import { append, unlink } from './structures/linked-list.ts';

function dropRoot(state: State, root: RootEntry): void {
  unlink(state.ended, root);
  const roots = state.tenants.get(root.tenant);
  roots?.delete(root.id);
  if (roots?.size === 0) state.tenants.delete(root.tenant);
}

/** Enters a root among the ended ones, or takes it out again when something below it is open; then drops the oldest beyond the bound. */
export function retainRoot(state: State, root: RootEntry): void {
  if (root.open > 0) unlink(state.ended, root);
  else if (!root.listed) append(state.ended, root);
  while (state.ended.size > state.retainEvents && state.ended.first !== null) dropRoot(state, state.ended.first);
}
