import type { Row } from '../contracts/configuration-store.ts';
import type { ErrorClass } from '../errors/error-class.ts';
import { isOpen } from '../gateway/resilience/breaker-state.ts';
import { listBreakers } from '../gateway/resilience/list-breakers.ts';
import type { TenantScope } from './tenant-services.ts';

/** How the breaker of a connection and one of its hosts stands, over all processes. Times are milliseconds since 1970. */
export interface BreakerStatus {
  /** `https://api.example.com`. */
  readonly origin: string;
  /** `half_open`: its time is over, and the next call finds out whether the host works again. */
  readonly state: 'open' | 'half_open' | 'closed';
  /** How often it has opened in a row. */
  readonly opens: number;
  /** When it last opened or closed. */
  readonly changedAt: number;
  /** Until when nothing is sent; `null`: it is not open. */
  readonly openUntil: number | null;
  /** What the last failure before it opened was. */
  readonly cause: ErrorClass;
}

/** The breakers of a connection that are open or have been within the last ten minutes; one that works has none. */
export async function breakerStatus({ tenant, storage }: TenantScope, { id }: Row<'connection'>): Promise<readonly BreakerStatus[]> {
  const listed = await listBreakers(storage.states, tenant, id);
  if (listed.length === 0) return [];
  const now = await storage.now();
  return listed.flatMap(({ origin, state }): readonly BreakerStatus[] => {
    if (state === null) return [];
    const { opens, at, openUntil, cause } = state;
    const is = !isOpen(state) ? 'closed' : openUntil > now ? 'open' : 'half_open';
    return [{ origin, state: is, opens, changedAt: at, openUntil: is === 'open' ? openUntil : null, cause }];
  });
}
