import { healthName, readHealth, writeHealth } from '../health/health-state.ts';
import type { TenantScope } from './tenant-services.ts';

/** Races that are tried again before it is left to the look that comes by itself. */
const writeTries = 5;

/** What looks at a connection have shown so far counts no more, and the next one is due. Never rejects: it is looked at anyway, later. */
export async function restartHealth(
  { tenant, storage, clock, generateId }: Pick<TenantScope, 'tenant' | 'storage' | 'clock' | 'generateId'>,
  connection: string,
): Promise<void> {
  const name = healthName(connection);
  try {
    for (let tries = 0; tries < writeTries; tries += 1) {
      const entry = await storage.states.read(tenant, name);
      const state = {
        ...readHealth(entry?.value),
        check: null,
        warning: null,
        scores: [],
        next: { at: Math.floor(clock.now()), isPutOff: true },
      };
      const [verdict] = await storage.states.write([
        { tenant, name, expect: entry?.version ?? 'absent', value: writeHealth(state, generateId()) },
      ]);
      if (verdict?.status === 'written') return;
    }
  } catch {
    // It is committed, and looked at later.
  }
}
