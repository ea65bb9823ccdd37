import type { Row, RowPage } from '../contracts/configuration-store.ts';
import type { SubscriptionStatus } from '../contracts/webhook-records.ts';
import { checkStatus } from './check-status.ts';
import { connectionRow } from './connection-row.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { allRegistrations } from './registration-services.ts';
import { viewRegistration } from './registration-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which registrations to list. */
export interface RegistrationFilter {
  /** Name or id. */
  readonly connection?: string;
  readonly connector?: string;
  readonly status?: SubscriptionStatus;
}

const statuses: Readonly<Record<SubscriptionStatus, true>> = { pending: true, active: true, expiring: true, failed: true };

type Fits = (row: Row<'registration'>) => boolean;

/** All that fit, in order of their ids. */
export async function registrationsThatFit(scope: TenantScope, filter: RegistrationFilter): Promise<readonly Row<'registration'>[]> {
  await scope.ready();
  return (await allRegistrations(scope)).filter(await fitting(scope, filter));
}

/** A page of those that fit, in order of their ids; what comes in meanwhile neither repeats nor shifts others. */
export async function pageRegistrations(scope: TenantScope, filter: RegistrationFilter & ListOptions): Promise<Page<Row<'registration'>>> {
  await scope.ready();
  const fits = await fitting(scope, filter);
  const { limit, cursor: first } = pageRequest(filter);
  for (let cursor: string | null = first ?? null; ; ) {
    const page: RowPage<'registration'> = await scope.storage.configuration.list(scope.tenant, 'registration', { cursor, limit });
    const items = page.rows.filter(fits);
    cursor = page.cursor;
    // A page that nothing fits is passed over.
    if (cursor === null || items.length > 0) return { items, cursor };
  }
}

async function fitting(scope: TenantScope, { connection, connector, status }: RegistrationFilter): Promise<Fits> {
  checkStatus({ of: 'registration', status, known: statuses });
  const id = connection === undefined ? undefined : (await connectionRow(scope, connection)).id;
  return (row) =>
    (id === undefined || row.value.connection === id) &&
    (connector === undefined || row.value.connector === connector) &&
    (status === undefined || viewRegistration(scope, row).status === status);
}
