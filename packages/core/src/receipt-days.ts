import type { PlanPolicy } from './contracts/plan-policy.ts';
import { failureOf } from './errors/failure-of.ts';
import type { Logger } from './logger/logger.ts';
import { planOf } from './tenant/tenant-plan.ts';

/** The limit of a plan that says how many days a delivery is kept that could not become events. */
export const receiptDays = 'receiptDays';

/** A day less than every storage keeps a dedupe key: a replay never outlives what keeps it from making a second event. */
export const mostReceiptDays = 29;

/** Days by the tenant's plan, 29 where it does not say or allows more. A plan that cannot be found out shortens nothing. Never rejects. */
export function createReceiptDays(options: {
  readonly plans: PlanPolicy | null;
  readonly logger: Logger;
}): (tenant: string) => Promise<number> {
  const { plans, logger } = options;
  return async (tenant) => {
    try {
      const { limits = {} } = (await planOf({ tenant, plans })) ?? {};
      const days = Object.hasOwn(limits, receiptDays) ? limits[receiptDays] : undefined;
      return typeof days === 'number' ? Math.min(days, mostReceiptDays) : mostReceiptDays;
    } catch (error) {
      logger.warn('the plan of a tenant cannot be found out, so that its delivery is kept as long as any', { tenant, ...failureOf(error) });
      return mostReceiptDays;
    }
  };
}
