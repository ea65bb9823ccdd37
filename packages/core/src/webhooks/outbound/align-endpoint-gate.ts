import type { ConfigurationStore } from '../../contracts/configuration-store.ts';
import type { GateStore } from '../../contracts/control-stores.ts';
import { endpointTarget, isReceiving } from './endpoint-target.ts';

/** Looks at the endpoint again after its gate was moved, because two who change it move it in any order. */
const mostLooks = 5;

/** Closes the lane of an endpoint that receives nothing, so that what is planned for it waits without attempts; opens that of one that does. */
export async function alignEndpointGate(
  { store, gates }: { readonly store: Pick<ConfigurationStore, 'get'>; readonly gates: Pick<GateStore, 'close' | 'open'> },
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<void> {
  const gate = { tenant, lane: endpointTarget(id), reason: 'disabled' } as const;
  let version: number | undefined;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const row = await store.get(tenant, 'endpoint', id);
    if (row?.version === version && looks > 0) return;
    version = row?.version;
    // What waits for a deleted one is cancelled; what comes through late must be let to its end.
    if (row && !isReceiving(row)) await gates.close([{ ...gate, forMs: null }]);
    else await gates.open([gate]);
  }
}
