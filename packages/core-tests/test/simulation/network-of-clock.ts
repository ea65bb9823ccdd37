import type { Clock } from '@patchbay/core/adapter';
import type { Network } from '../../../core/src/net/create-network.ts';

/** What a hub uses of its network. */
export type HubNetwork = Pick<Network, 'prepare' | 'request' | 'close'>;

/** Networks by the clock of the process that they belong to. */
export const networkOfClock = new WeakMap<Clock, HubNetwork>();

/**
 * Stands in for the function of this name in core, which opens the guarded network of a hub and which nobody can replace by an option:
 * a test file puts it there with `vi.mock`. The clock says whose network is wanted.
 */
export function createNetwork({ clock }: { readonly clock: Clock }): HubNetwork {
  const network = networkOfClock.get(clock);
  if (!network) throw new Error('A hub of the simulation has a clock that belongs to no process.');
  return network;
}
