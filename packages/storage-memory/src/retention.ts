import type { AttemptRecord } from '@patchbay/core/adapter';
import type { RootEntry } from './ledger/entries.ts';
import { leaveTurn } from './ledger/turns.ts';
import type { State } from './state.ts';
import { append, unlink } from './structures/linked-list.ts';

function enlist(state: State, root: RootEntry): void {
  append(state.ended.roots, root);
  root.counted = 0;
  count(state, root);
}

function count({ ended }: State, root: RootEntry): void {
  ended.bytes -= root.counted;
  root.counted = bytesOf(root);
  ended.bytes += root.counted;
}

function takeOut({ ended }: State, root: RootEntry): void {
  if (!root.listed) return;
  unlink(ended.roots, root);
  ended.bytes -= root.counted;
}

/** Bytes of payloads and of texts below the root; a character counts two. */
function bytesOf({ event, runs, dispatches }: RootEntry): number {
  let characters = 0;
  for (const { state } of runs.elements) characters += state.length;
  for (const { input, output, history } of dispatches.elements) {
    characters += (input?.length ?? 0) + (output?.length ?? 0);
    for (const attempt of history) characters += charactersOf(attempt);
  }
  const payloads =
    event === null ? 0 : event.data.bytes.length + (event.original?.bytes.length ?? 0) + (event.additions?.bytes.length ?? 0);
  return payloads + characters * 2;
}

function charactersOf({ error, warnings, exchange }: AttemptRecord): number {
  const told = (error?.message.length ?? 0) + (exchange?.length ?? 0);
  return warnings.reduce((sum, warning) => sum + warning.length, told);
}

function dropRoot(state: State, root: RootEntry): void {
  takeOut(state, root);
  // What nobody can retry any more blocks nothing.
  for (const entry of root.dispatches.elements) leaveTurn(state, entry);
  const roots = state.tenants.get(root.tenant);
  roots?.delete(root.id);
  if (roots?.size === 0) state.tenants.delete(root.tenant);
  if (root.event === null) return;
  state.bytes.release(root.event.data.bytes);
  if (root.event.original !== null) state.bytes.release(root.event.original.bytes);
  if (root.event.additions !== undefined) state.bytes.release(root.event.additions.bytes);
}

/** Enters a root among the ended ones, or takes it out again when something below it is open; then drops the oldest beyond the bounds. */
export function retainRoot(state: State, root: RootEntry): void {
  const { ended, retain } = state;
  if (root.open > 0) takeOut(state, root);
  else if (root.listed) count(state, root);
  else enlist(state, root);
  while ((ended.roots.size > retain.events || ended.bytes > retain.bytes) && ended.roots.first !== null) dropRoot(state, ended.roots.first);
}
