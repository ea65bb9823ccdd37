import type { Connection } from '../connections/connection.ts';
import { listConnections } from '../connections/list-connections.ts';
import type { ConnectorCategory } from '../connector/manifest.ts';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Row, RowPage } from '../contracts/configuration-store.ts';
import { checkStatus } from './check-status.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewConnections } from './view-connections.ts';

/** Which connections to list. */
export interface ConnectionFilter {
  readonly connector?: string;
  readonly category?: ConnectorCategory;
  readonly status?: ConnectionStatus;
  readonly owner?: string;
}

const statuses: Readonly<Record<ConnectionStatus, true>> = {
  initializing: true,
  active: true,
  token_expired: true,
  token_invalid: true,
  disconnected: true,
  error: true,
};

/** All that fit, in order of their ids. */
export async function allConnections(scope: TenantScope, filter: ConnectionFilter): Promise<readonly Connection[]> {
  await scope.ready();
  const fits = fitting(scope, filter);
  return viewConnections(scope, (await listConnections(scope.storage.configuration, scope.tenant)).filter(fits));
}

/** A page of those that fit, in order of their ids; what comes in meanwhile neither repeats nor shifts others. */
export async function pageConnections(scope: TenantScope, filter: ConnectionFilter & ListOptions): Promise<Page<Connection>> {
  await scope.ready();
  const fits = fitting(scope, filter);
  const { limit, cursor: first } = pageRequest(filter);
  const found: Row<'connection'>[] = [];
  for (let cursor: string | null = first ?? null; ; ) {
    const page: RowPage<'connection'> = await scope.storage.configuration.list(scope.tenant, 'connection', { cursor, limit });
    found.push(...page.rows.filter(fits));
    cursor = page.cursor;
    // What fits of one page is never more than the limit; a page that nothing fits is passed over.
    if (cursor === null || found.length > 0) return { items: await viewConnections(scope, found), cursor };
  }
}

function fitting({ registry }: TenantScope, filter: ConnectionFilter): (row: Row<'connection'>) => boolean {
  const { connector, category, status, owner } = filter;
  checkStatus({ of: 'connection', status, known: statuses });
  return ({ value }) =>
    (connector === undefined || connector === value.connector) &&
    (status === undefined || status === value.status) &&
    (owner === undefined || owner === value.owner) &&
    (category === undefined || category === registry.findFor(value)?.manifest.category);
}
