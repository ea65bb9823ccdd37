import type { DispatchKey } from '@patchbay/core/adapter';
import type { State } from '../state.ts';
import { findByKey } from '../structures/keyed-list.ts';
import { type DispatchEntry, dispatchPlace, type RootEntry, type RunEntry, type RunPlace, runPlace } from './entries.ts';

/** The root of a key. */
export const findRoot = (state: State, key: { readonly tenant: string; readonly root: string }): RootEntry | undefined =>
  state.tenants.get(key.tenant)?.get(key.root);

/** The dispatch of a key. */
export function findDispatch(state: State, key: DispatchKey): DispatchEntry | undefined {
  const root = findRoot(state, key);
  return root === undefined ? undefined : findByKey(dispatchPlace, root.dispatches, key);
}

/** A run of this root. */
export const findRun = (root: RootEntry, key: RunPlace): RunEntry | undefined => findByKey(runPlace, root.runs, key);
