import { invalid } from './bulk-request.ts';
import { isReference } from './check-text.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { OperatedTenant } from './operated-tenant.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** A dead dispatch of some tenant. */
export interface TenantDeadLetter extends DeadLetter {
  readonly tenant: string;
}

/** Tenants that one page looks at, so that a page over tenants without dead letters ends, too. */
const mostLooks = 100;

/** Where a page begins: within a tenant, or behind it where `inner` is `null`. */
interface Place {
  readonly tenant: string | null;
  readonly inner: string | null;
}

/** A page of dead dispatches, tenant after tenant. `of`: an operated tenant, which records each look. */
export async function tenantDeadLetters(
  { storage, ready }: Pick<TenantScope, 'storage' | 'ready'>,
  { connector, ...page }: ListOptions & { readonly connector?: string },
  of: (id: string) => OperatedTenant,
): Promise<Page<TenantDeadLetter>> {
  const { cursor, limit } = pageRequest(page);
  let place: Place = cursor === null ? { tenant: null, inner: null } : parsePlace(cursor);
  await ready();
  const items: TenantDeadLetter[] = [];
  for (let looks = 0; looks < mostLooks && items.length < limit; looks += 1) {
    const { inner, tenant: before } = place;
    const request = { after: before, limit: 1, ...(connector === undefined ? {} : { connector }) };
    const [tenant] = inner === null || before === null ? await storage.listTenants(request) : [before];
    if (tenant === undefined) return { items, cursor: null };
    const found = await of(tenant).deadLetters({ cursor: inner, limit: limit - items.length });
    const meant = found.items.filter(({ action }) => connector === undefined || action?.startsWith(`${connector}.`));
    items.push(...meant.map((letter) => ({ tenant, ...letter })));
    place = { tenant, inner: found.cursor };
  }
  return { items, cursor: JSON.stringify([place.tenant, place.inner]) };
}

/** Throws `invalid_argument` for text that no page has answered. */
function parsePlace(cursor: string): Place {
  let said: unknown;
  try {
    said = JSON.parse(cursor);
  } catch {
    said = null;
  }
  const [tenant, inner] = Array.isArray(said) ? said : [];
  if (isReference(tenant) && (inner === null || typeof inner === 'string')) return { tenant, inner };
  throw invalid('The cursor of a page is what the last page answered.');
}
