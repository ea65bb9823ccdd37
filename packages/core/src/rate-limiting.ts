import type { LimitDeclaration } from './contracts/limit-declaration.ts';
import type { PlanPolicy } from './contracts/plan-policy.ts';
import { createLimits, type Limits } from './gateway/limits/create-limits.ts';
import type { PlanQuota } from './gateway/limits/plan-limits.ts';
import type { Notify } from './notices/notices.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { limitOf, requestsReached } from './tenant/plan-refusal.ts';
import { planOf } from './tenant/tenant-plan.ts';

/** A wait that is longer closes the lane of a connection, milliseconds: its dispatches go back to the ledger until then. */
const longMs = 2_000;

/** Longest time for which a lane is closed at once, milliseconds: then the limit is looked at again. 1 hour. */
const longestGateMs = 3_600_000;

const none: readonly LimitDeclaration[] = [];

/** Binds the rate limits of a hub together: the guard that holds them, and what is told where they are reached. */
export function rateLimiting({ storage, clock, generateId, random, plans }: ResolvedOptions, notify: Notify): Limits {
  return createLimits({
    states: storage.states,
    clock,
    now: () => storage.now(),
    holder: generateId(),
    random,
    hostLimitsOf: ({ connection }) => connection.value.limits ?? none,
    planQuota: plans && planQuota(plans),
    onLimited({ call, name, source, waitMs, waiting, isWhole }) {
      const { tenant, connection, definition } = call;
      const at = clock.now();
      notify('api.rate_limited', {
        tenant,
        connectionId: connection.id,
        connectorId: definition.id,
        limit: name,
        source,
        waitMs,
        waiting,
        at,
      });
      if (!isWhole || waitMs <= longMs) return;
      const gate = { tenant, lane: `connection:${connection.id}`, reason: 'rate_limited', forMs: Math.min(waitMs, longestGateMs) } as const;
      // Without it each dispatch finds out by itself, and goes back.
      storage.gates.close([gate]).catch(() => undefined);
    },
  });
}

function planQuota(plans: PlanPolicy): PlanQuota {
  return async (tenant) => {
    const plan = await planOf({ tenant, plans });
    return plan === null
      ? { perMinute: null }
      : { perMinute: limitOf(plan, 'requestsPerMinute'), refusal: requestsReached(plans.plans, plan) };
  };
}
