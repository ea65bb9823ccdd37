import type { DeprecatedUse } from './deprecated-uses.ts';
import type { Page } from './read-cursor.ts';
import { type TenantFailure, tenantFailure } from './walk-tenants.ts';

/** A use of something that goes away, of some tenant. */
export interface TenantDeprecation extends DeprecatedUse {
  readonly tenant: string;
}

/** A page is of tenants; those that could not be looked at are among its failures. */
export interface TenantDeprecationPage extends Page<TenantDeprecation> {
  readonly failures: readonly TenantFailure[];
}

/** What the tenants of a page still use and goes away. `look` records each look. */
export async function tenantsDeprecations(
  { items: tenants, cursor }: Page<string>,
  look: (tenant: string) => Promise<readonly DeprecatedUse[]>,
): Promise<TenantDeprecationPage> {
  const items: TenantDeprecation[] = [];
  const failures: TenantFailure[] = [];
  for (const tenant of tenants)
    await look(tenant)
      .then((uses) => items.push(...uses.map((use) => ({ tenant, ...use }))))
      .catch((error: unknown) => failures.push(tenantFailure(tenant, error)));
  return { items, cursor, failures };
}
