import type { ErrorTraits } from '../error-groups/error-group.ts';
import type { ErrorFilter, ErrorGroup } from './errors-api.ts';
import type { TenantsProgress, TenantTask, TenantWalk } from './walk-tenants.ts';

/** Errors that are alike, over tenants. Times are milliseconds since 1970. */
export interface SharedErrorGroup extends ErrorTraits {
  readonly fingerprint: string;
  readonly count: number;
  /** How many tenants it came up for. */
  readonly tenants: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** The groups of the tenants gone through, the most frequent first, 500 at most. */
export interface SharedErrors {
  readonly groups: readonly SharedErrorGroup[];
}

/** Which errors of which tenants. */
export interface TenantsErrorRequest extends Omit<ErrorFilter, 'limit' | 'connector'>, TenantWalk<TenantsProgress<SharedErrors>> {}

const mostGroups = 500;

/** Adds up what goes wrong for each tenant. `errorsOf` answers one tenant's, and records that it was asked. */
export function errorsTask(errorsOf: (tenant: string) => Promise<readonly ErrorGroup[]>): TenantTask<SharedErrors> {
  return {
    nothing: { groups: [] },
    act: async (tenant) => ({ groups: (await errorsOf(tenant)).map(shared) }),
    add: (left, right) => ({ groups: joined([...left.groups, ...right.groups]) }),
  };
}

/** Whose dispatch is an example is the tenant's own. */
function shared({ days: _days, example: _example, ...group }: ErrorGroup): SharedErrorGroup {
  return { ...group, tenants: 1 };
}

function joined(groups: readonly SharedErrorGroup[]): readonly SharedErrorGroup[] {
  const byFingerprint = new Map<string, SharedErrorGroup>();
  for (const group of groups) {
    const known = byFingerprint.get(group.fingerprint);
    byFingerprint.set(group.fingerprint, known ? sum(known, group) : group);
  }
  return [...byFingerprint.values()].toSorted((left, right) => right.count - left.count).slice(0, mostGroups);
}

const sum = (left: SharedErrorGroup, right: SharedErrorGroup): SharedErrorGroup => ({
  ...left,
  count: left.count + right.count,
  tenants: left.tenants + right.tenants,
  firstSeen: Math.min(left.firstSeen, right.firstSeen),
  lastSeen: Math.max(left.lastSeen, right.lastSeen),
});
