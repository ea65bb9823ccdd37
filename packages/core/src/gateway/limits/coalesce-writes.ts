import { createBatcher } from '../../batch/create-batcher.ts';
import type { Clock } from '../../clock/clock.ts';
import type { StateStore, StateVerdict, StateWrite } from '../../contracts/state-store.ts';

/** Bytes that the state of a limit counts for: it is a few hundred, and never many. */
const stateBytes = 1_024;

/**
 * The same store, written by those who write at once in one go: a process renews the slices of many limits each second, and a database takes a statement of
 * sixty-four as easily as two of one.
 */
export function coalesceWrites(states: StateStore, clock: Pick<Clock, 'nextTurn' | 'setTimer'>): StateStore {
  const batcher = createBatcher<StateWrite, StateVerdict>({ clock, send: (items) => states.write(items), sizeOf: () => stateBytes });
  return {
    write: (items) => Promise.all(items.map((item) => batcher.add(item))),
    read: (tenant, name) => states.read(tenant, name),
    list: (tenant, prefix, page) => states.list(tenant, prefix, page),
  };
}
