import { hubScope } from './contracts/configuration-store.ts';
import type { PlanPolicy } from './contracts/plan-policy.ts';
import { failureOf } from './errors/failure-of.ts';
import type { Logger } from './logger/logger.ts';
import { planOf } from './tenant/tenant-plan.ts';

/** The limit of a plan that says how many days a tenant's records are kept. */
export const auditDays = 'auditDays';

/** What decides how long records are kept. */
export interface AuditRetentionOptions {
  /** For the hub's own records, and for tenants whose plan does not say; `null`: for ever. */
  readonly retentionDays: number | null;
  readonly plans: PlanPolicy | null;
  readonly logger: Logger;
}

/** How long records are kept. */
export interface AuditRetention {
  /** The fewest days that any plan says; `null` where nothing is ever taken away. */
  readonly leastDays: number | null;
  /** Days of a tenant; `null`: for ever. A tenant whose plan cannot be found out keeps everything. Never rejects. */
  daysOf(tenant: string): Promise<number | null>;
}

/** Days of a plan; `undefined` where it does not say. */
function daysIn(limits: Readonly<Record<string, number | 'unlimited'>>): number | null | undefined {
  const days = Object.hasOwn(limits, auditDays) ? limits[auditDays] : undefined;
  return days === 'unlimited' ? null : days;
}

/** Retention as the host's plans and its option say. The plan is asked for each time, so that a change holds from the next time on. */
export function auditRetention({ retentionDays, plans, logger }: AuditRetentionOptions): AuditRetention {
  const said = (plans?.plans ?? []).map(({ limits }) => daysIn(limits));
  const figures = [retentionDays, ...said].filter((days) => typeof days === 'number');
  return {
    leastDays: figures.length === 0 ? null : Math.min(...figures),
    async daysOf(tenant) {
      if (tenant === hubScope) return retentionDays;
      try {
        const plan = await planOf({ tenant, plans });
        const days = plan === null ? undefined : daysIn(plan.limits);
        return days === undefined ? retentionDays : days;
      } catch (error) {
        logger.warn('the plan of a tenant cannot be found out, so that its audit is kept', { tenant, ...failureOf(error) });
        return null;
      }
    },
  };
}
