import type { BirthLease } from '@patchbay/core/adapter';
import type { State } from '../state.ts';
import { addByKey } from '../structures/keyed-list.ts';
import { dispatchPlace, type RootEntry, runPlace } from './entries.ts';
import type { Prepared } from './prepare.ts';
import { beBorn } from './transitions.ts';

/** Puts prepared runs and dispatches under their root; cannot fail. The first ones are born leased, as far as the lease goes. */
export function storePrepared(state: State, root: RootEntry, prepared: Prepared, birth: BirthLease | null, now: number): void {
  for (const run of prepared.runs.elements) {
    addByKey(runPlace, root.runs, run);
    if (run.status === 'running') root.open += 1;
  }
  let room = birth?.limit ?? 0;
  for (const entry of prepared.dispatches.elements) {
    addByKey(dispatchPlace, root.dispatches, entry);
    state.handles.set(entry.handle, entry);
    root.open += 1;
    const taker = birth !== null && room > 0 ? { holder: birth.holder, ttlMs: birth.ttlMs, now } : null;
    if (beBorn(state, entry, taker)) room -= 1;
  }
}
