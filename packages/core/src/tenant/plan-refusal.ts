import type { Plan } from '../contracts/plan-policy.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Names of limits that the hub counts itself. */
export type CountedLimit = 'connections' | 'automations' | 'webhooks' | 'endpoints';

/** A limit of a plan; one that is not named is 0. `null` is unlimited. */
export function limitOf({ limits }: Pick<Plan, 'limits'>, limit: string): number | null {
  const figure = Object.hasOwn(limits, limit) ? limits[limit] : 0;
  return figure === 'unlimited' ? null : (figure ?? 0);
}

/** A limit that is used up: names it, the plan, and the first plan after it that has room. */
export function limitReached(plans: readonly Plan[], plan: Plan, limit: CountedLimit): PatchbayError {
  const most = limitOf(plan, limit) ?? 0;
  const lifts = after(plans, plan).find((other) => (limitOf(other, limit) ?? Number.POSITIVE_INFINITY) > most);
  return refusal({ plan, lifts, what: `has ${most} ${limit}, and they are in use`, details: { limit } });
}

/** Requests of a minute that are used up. */
export function requestsReached(plans: readonly Plan[], plan: Plan): PatchbayError {
  const limit = 'requestsPerMinute';
  const most = limitOf(plan, limit) ?? 0;
  const lifts = after(plans, plan).find((other) => (limitOf(other, limit) ?? Number.POSITIVE_INFINITY) > most);
  return refusal({ plan, lifts, what: `allows ${most} requests a minute, and they are used`, details: { limit } });
}

/** A feature that the plan lacks. */
export function featureMissing(plans: readonly Plan[], plan: Plan, feature: string): PatchbayError {
  const lifts = after(plans, plan).find(({ features }) => features.includes(feature));
  return refusal({ plan, lifts, what: `does not include ${feature}`, details: { feature } });
}

function after(plans: readonly Plan[], plan: Plan): readonly Plan[] {
  return plans.slice(plans.indexOf(plan) + 1);
}

interface Refusal {
  readonly plan: Plan;
  readonly lifts: Plan | undefined;
  readonly what: string;
  readonly details: Readonly<Record<string, string>>;
}

function refusal({ plan, lifts, what, details }: Refusal): PatchbayError {
  const advice = lifts ? `The plan ${lifts.name} lifts it.` : 'No other plan lifts it.';
  return new PatchbayError({
    code: 'plan_limit',
    message: `The plan ${plan.name} ${what}. ${advice}`,
    details: { ...details, plan: plan.name, liftedBy: lifts?.name ?? null },
  });
}
