import type { PlanPolicy } from './contracts/plan-policy.ts';
import { PatchbayError } from './errors/patchbay-error.ts';

const longestDays = 36_500;

/** The host's plans, or `null` for none. Throws `invalid_argument` for a policy that could not decide. */
export function checkPlans(policy: PlanPolicy | undefined): PlanPolicy | null {
  if (policy === undefined) return null;
  const { plans, planOf } = policy;
  if (!Array.isArray(plans) || plans.length === 0 || typeof planOf !== 'function')
    throw invalid('has no list of plans or no planOf. Pass { plans: [{ name, limits, features }], planOf }');
  const names = plans.map(({ name }) => name);
  if (new Set(names).size !== names.length || names.some((name) => typeof name !== 'string' || name === ''))
    throw invalid('has a plan without a name, or two of one name. Name each');
  for (const { name, limits, features } of plans) {
    const figures = Object.values(limits ?? {});
    const isSound = figures.every((figure) => figure === 'unlimited' || (Number.isInteger(figure) && Number(figure) >= 0));
    if (!isSound || !Array.isArray(features))
      throw invalid(`has a plan ${name} whose limits are no whole numbers or whose features are no list`);
    // 0 would be easy to write, and take everything away.
    for (const limit of ['auditDays', 'receiptDays', 'requestDays']) {
      const days = Object.hasOwn(limits ?? {}, limit) ? limits[limit] : 1;
      if (typeof days === 'number' && (days < 1 || days > longestDays))
        throw invalid(`has a plan ${name} whose ${limit} are neither 1 to ${longestDays} nor 'unlimited'`);
    }
  }
  return policy;
}

function invalid(fault: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The option plans ${fault}.` });
}
