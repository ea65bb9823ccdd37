import type { ConfigurationKind, ConnectionRecord, Row } from '@patchbay/core/adapter';

/** One connection of one tenant. */
interface Located {
  readonly tenant: string;
  readonly connection: string;
}

/** Finds tenants by what a webhook brings. Two tenants may have registrations or receivers of one id; the first keeps it. */
export interface Locators {
  readonly registrations: Map<string, Set<string>>;
  readonly receivers: Map<string, Set<string>>;
  readonly accounts: Map<string, Map<string, Located>>;
}

/** Makes empty locators. */
export const createLocators = (): Locators => ({ registrations: new Map(), receivers: new Map(), accounts: new Map() });

/** Text that is unique for a connector and an account. */
export const accountText = (connector: string, account: string): string => `${connector.length}:${connector}${account}`;

const connectionText = (tenant: string, id: string): string => `${tenant.length}:${tenant}${id}`;

const isConnection = (kind: ConfigurationKind, row: Row<ConfigurationKind>): row is Row<'connection'> =>
  kind === 'connection' && 'externalAccountId' in row.value;

function accountOf(value: ConnectionRecord): string | null {
  return value.externalAccountId === null ? null : accountText(value.connector, value.externalAccountId);
}

/** Tenants by id, of a kind that has URLs. */
function urlsOf({ registrations, receivers }: Locators, kind: ConfigurationKind): Map<string, Set<string>> | undefined {
  if (kind === 'registration') return registrations;
  return kind === 'receiver' ? receivers : undefined;
}

/** Enters a row that is now stored. */
export function locate(locators: Locators, tenant: string, kind: ConfigurationKind, row: Row<ConfigurationKind>): void {
  const byUrl = urlsOf(locators, kind);
  byUrl?.set(row.id, (byUrl.get(row.id) ?? new Set()).add(tenant));
  const account = isConnection(kind, row) ? accountOf(row.value) : null;
  if (account === null) return;
  const found = locators.accounts.get(account) ?? new Map<string, Located>();
  locators.accounts.set(account, found.set(connectionText(tenant, row.id), { tenant, connection: row.id }));
}

/** Takes out a row that is stored no more. */
export function forget(locators: Locators, tenant: string, kind: ConfigurationKind, row: Row<ConfigurationKind>): void {
  const byUrl = urlsOf(locators, kind);
  const tenants = byUrl?.get(row.id);
  tenants?.delete(tenant);
  if (tenants?.size === 0) byUrl?.delete(row.id);
  const account = isConnection(kind, row) ? accountOf(row.value) : null;
  if (account === null) return;
  const found = locators.accounts.get(account);
  found?.delete(connectionText(tenant, row.id));
  if (found?.size === 0) locators.accounts.delete(account);
}
