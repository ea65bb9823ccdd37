import type { ConfigurationStore } from '../contracts/configuration-store.ts';
import type { GateStore } from '../contracts/control-stores.ts';

/** What aligning needs. */
export interface AlignGateOptions {
  readonly store: Pick<ConfigurationStore, 'get'>;
  readonly gates: Pick<GateStore, 'open' | 'close'>;
}

/** Looks at a connection that keeps changing before the last of those who change it is trusted to be right. */
const mostLooks = 5;

/**
 * Opens or closes the lane of a connection as its status says. Two who change a connection at once may write their gates in another order than
 * their changes, so each looks again after writing: whoever looks last leaves the gate as the last change wants it.
 */
export async function alignGate({ store, gates }: AlignGateOptions, tenant: string, connection: string): Promise<void> {
  const gate = { tenant, lane: `connection:${connection}`, reason: 'connection' as const };
  let written: boolean | undefined;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const row = await store.get(tenant, 'connection', connection);
    const isOpen = row === null || row.value.status === 'active';
    if (isOpen === written) return;
    await (isOpen ? gates.open([gate]) : gates.close([{ ...gate, forMs: null }]));
    written = isOpen;
  }
}
