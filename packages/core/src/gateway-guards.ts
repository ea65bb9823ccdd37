import type { CallGuard } from './gateway/call-guard.ts';
import type { Limits } from './gateway/limits/create-limits.ts';
import { createCallObserver } from './gateway/observe-calls.ts';
import { permittedPlaces } from './gateway/permitted-places.ts';
import { createRequestLog, type RequestLog } from './gateway/request-log/create-request-log.ts';
import { type Breakers, createBreakers } from './gateway/resilience/create-breakers.ts';
import { createBulkhead } from './gateway/resilience/create-bulkhead.ts';
import type { Notify } from './notices/notices.ts';
import { rateLimiting } from './rate-limiting.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** What stands before and behind each request of a connection, and what of it others need. */
export interface GatewayGuards {
  readonly guards: readonly CallGuard[];
  readonly breakers: Breakers;
  readonly limits: Limits;
  /** Writes what has been collected and is not stored yet. */
  flush(): Promise<void>;
}

/** Binds the guards, in the order in which a request passes them: who observes sees the refusals of those behind, too. */
export function gatewayGuards(
  common: ResolvedOptions & { readonly holder: string; readonly notify: Notify },
  observing: readonly CallGuard[],
): GatewayGuards {
  const { storage, queue, telemetry } = common;
  const { states, gates, leases } = storage;
  const requestLog = requestLogOf(common);
  const breakers = createBreakers({
    ...common,
    states,
    gates,
    leases,
    now: () => storage.now(),
    figures: common.resilience.breaker,
    wake: () => void queue.wake({}).catch(() => undefined),
  });
  const limits = rateLimiting(common, common.notify);
  const bulkhead = createBulkhead({ clock: common.clock, figures: common.resilience.bulkhead });
  // What the breaker refuses needs neither.
  const permitted = permittedPlaces({ limits: limits.guard, places: bulkhead });
  const guards = [requestLog, ...observing, createCallObserver(telemetry), breakers, permitted];
  return {
    guards: guards.filter((guard) => guard !== null),
    breakers,
    limits,
    flush: async () => {
      await Promise.all([breakers.flush(), requestLog?.flush(), limits.close()]);
    },
  };
}

/** The log of requests, where the host wants one. */
function requestLogOf(resolved: ResolvedOptions): RequestLog | null {
  const { requestLog, telemetry, storage } = resolved;
  if (!requestLog.enabled) return null;
  return createRequestLog({ ...resolved, ...requestLog, journal: storage.journal, metering: telemetry.metering });
}
