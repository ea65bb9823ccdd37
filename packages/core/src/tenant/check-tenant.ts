import { PatchbayError } from '../errors/patchbay-error.ts';
import { isName } from './check-text.ts';

/** Throws `tenant_missing` for what cannot name a tenant. There is no default tenant. */
export function checkTenant(tenant: unknown): string {
  if (isName(tenant)) return tenant;
  throw new PatchbayError({
    code: 'tenant_missing',
    message: 'A tenant is named by text of 1 to 200 characters without control characters. Pass the id of your customer.',
  });
}
