import { holdsPlace } from '../connections/holds-place.ts';
import type { ConfigurationKinds, ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import type { Plan, PlanPolicy } from '../contracts/plan-policy.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type CountedLimit, featureMissing, limitOf, limitReached } from './plan-refusal.ts';
import type { TenantScope } from './tenant-services.ts';

const kindOf = {
  connections: 'connection',
  automations: 'automation',
  webhooks: 'registration',
  endpoints: 'endpoint',
} as const satisfies Record<CountedLimit, keyof ConfigurationKinds>;

/** True for the name of a limit that the hub counts. */
export function isCounted(limit: string): limit is CountedLimit {
  return Object.hasOwn(kindOf, limit);
}

/** The tenant's plan; `null` where the hub has no plans. Throws what the host's policy throws, and for a name that is none of its plans. */
export async function planOf({ tenant, plans }: Pick<TenantScope, 'tenant' | 'plans'>): Promise<Plan | null> {
  if (plans === null) return null;
  const name = await plans.planOf(tenant);
  const plan = plans.plans.find((each) => each.name === name);
  if (plan) return plan;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'planOf answered a plan that is not in plans, so nothing is allowed. Answer the name of one of them.',
  });
}

/** Throws `plan_limit` where the tenant's plan lacks a feature. */
export async function requireFeature(scope: TenantScope, feature: string): Promise<void> {
  const plan = await planOf(scope);
  if (plan && scope.plans && !plan.features.includes(feature)) throw featureMissing(scope.plans.plans, plan, feature);
}

/** What of a limit is in use, and the revision under which that was so. */
export async function countUsed(
  { tenant, storage }: Pick<TenantScope, 'tenant' | 'storage'>,
  limit: CountedLimit,
): Promise<{ readonly names: readonly string[]; readonly revision: number }> {
  const { revision, rows } = await storage.configuration.snapshot(tenant, [
    kindOf[limit],
    ...(limit === 'webhooks' ? (['receiver'] as const) : []),
  ]);
  const used = limit === 'connections' ? (rows.connection ?? []).filter(isInUse) : (rows[kindOf[limit]] ?? []);
  // A receiver is a webhook without a connection.
  const receivers = (rows.receiver ?? []).map(({ name }) => `receiver/${name}`);
  return { names: [...used.map(({ name }) => name), ...receivers], revision: revision.tenant };
}

function isInUse(row: Row<'connection'>): boolean {
  return holdsPlace(row.value);
}

/**
 * What a write that takes a place must be made under: the count and the place are compared in one transaction by the revision, so a limit holds
 * however many race for the last place. Throws `plan_limit`. `undefined` where there is nothing to hold.
 */
export async function admit(scope: TenantScope, limit: CountedLimit, rowName: string): Promise<Parameters<ConfigurationStore['write']>[2]> {
  const plan = await planOf(scope);
  const most = plan === null ? null : limitOf(plan, limit);
  if (plan === null || most === null) return undefined;
  const { names, revision } = await countUsed(scope, limit);
  // Another has just made it: what follows is no new place.
  if (names.length >= most && !names.includes(rowName)) throw limitReached(planList(scope.plans), plan, limit);
  return { revision };
}

function planList(policy: PlanPolicy | null): readonly Plan[] {
  return policy?.plans ?? [];
}
