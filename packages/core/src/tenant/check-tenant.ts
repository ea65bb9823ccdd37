import { PatchbayError } from '../errors/patchbay-error.ts';

/** Longest tenant id, in UTF-16 units. */
const maximumLength = 200;

/** Throws `tenant_missing` for what cannot name a tenant. There is no default tenant. */
export function checkTenant(tenant: unknown): string {
  if (
    typeof tenant === 'string' &&
    tenant.trim() !== '' &&
    tenant.length <= maximumLength &&
    tenant.isWellFormed() &&
    !tenant.includes('\u0000')
  )
    return tenant;
  throw new PatchbayError({
    code: 'tenant_missing',
    message: `A tenant is named by text of 1 to ${maximumLength} characters. Pass the id of your customer.`,
  });
}
