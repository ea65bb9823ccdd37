import type { Row, RowPage } from '../contracts/configuration-store.ts';
import type { ReconcileOptions } from '../webhooks/inbound/reconcile-registrations.ts';
import type { TenantScope } from './tenant-services.ts';

/** What bringing registrations to providers needs, by whoever acts through the scope. */
export function registrationServices(scope: TenantScope): ReconcileOptions {
  const { configuration, storage, vault, generateId, clock, random, notify, connect } = scope;
  return {
    store: configuration,
    vault,
    leases: storage.leases,
    generateId,
    now: () => clock.now(),
    random,
    notify,
    remindDays: connect.remindDays,
    urlOf: (row) => registrationUrl(scope, row),
    urlPrefix: `${scope.publicUrl}/webhooks/`,
  };
}

/** Where the deliveries of a registration go. */
export function registrationUrl({ publicUrl }: Pick<TenantScope, 'publicUrl'>, { id, value }: Row<'registration'>): string {
  return `${publicUrl}/webhooks/${value.connector}/${id}`;
}

/** All registrations of a tenant, in order of id. */
export async function allRegistrations({
  tenant,
  storage,
}: Pick<TenantScope, 'tenant' | 'storage'>): Promise<readonly Row<'registration'>[]> {
  const rows: Row<'registration'>[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'registration'> = await storage.configuration.list(tenant, 'registration', { cursor, limit: 500 });
    rows.push(...page.rows);
    cursor = page.cursor;
    if (cursor === null) return rows;
  }
}

/** Those of a connection that the hub has made at the provider. */
export async function registrationsAtProvider(
  scope: Pick<TenantScope, 'tenant' | 'storage'>,
  connection: string,
): Promise<readonly Row<'registration'>[]> {
  return (await allRegistrations(scope)).filter(({ value }) => value.connection === connection && value.subscription !== undefined);
}
