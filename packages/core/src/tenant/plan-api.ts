import type { Plan } from '../contracts/plan-policy.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { limitOf } from './plan-refusal.ts';
import { countUsed, isCounted, planOf } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a tenant's plan gives, to be asked before something is tried. */
export interface PlanApi {
  /** The plan as the host's policy has it; `null` where the hub has no plans and everything is allowed. */
  get(): Promise<Plan | null>;
  /**
   * Places left of `connections`, `automations`, `webhooks` or `endpoints`, or requests left within this minute of `requestsPerMinute`; `null`:
   * unlimited. Others may take them before they are used.
   */
  remaining(limit: string): Promise<number | null>;
  /** Whether the plan includes a feature; always where the hub has no plans. */
  has(feature: string): Promise<boolean>;
}

/** The plan part of a tenant's handle. */
export function planApi(scope: TenantScope): PlanApi {
  return {
    get: () => planOf(scope),
    async remaining(limit) {
      if (limit === 'requestsPerMinute') {
        await scope.ready();
        return (await scope.limits.plans?.remaining(scope.tenant)) ?? null;
      }
      if (!isCounted(limit))
        throw new PatchbayError({
          code: 'invalid_argument',
          message:
            'The hub counts connections, automations, webhooks, endpoints and requestsPerMinute. Read the figure of any other limit from plan.get().',
        });
      const plan = await planOf(scope);
      const most = plan === null ? null : limitOf(plan, limit);
      if (most === null) return null;
      await scope.ready();
      return Math.max(0, most - (await countUsed(scope, limit)).names.length);
    },
    async has(feature) {
      const plan = await planOf(scope);
      return plan === null || plan.features.includes(feature);
    },
  };
}
