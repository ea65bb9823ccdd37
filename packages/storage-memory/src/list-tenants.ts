import { hubScope, type TenantsRequest } from '@patchbay/core/adapter';
import type { Scope } from './configuration/configuration-state.ts';
import type { RootEntry } from './ledger/entries.ts';
import type { State } from './state.ts';

const isThere = ({ event, dispatches }: RootEntry): boolean => event !== null || dispatches.elements.length > 0;

const hasRoot = (roots: ReadonlyMap<string, RootEntry>): boolean => [...roots.values()].some(isThere);

const usesConnector = ({ tables }: Scope, connector: string): boolean =>
  [...tables.connection.byId.values()].some(({ value }) => value.connector === connector);

function tenantsOf({ configuration, tenants }: State, connector: string | undefined): string[] {
  const scopes = [...configuration.scopes.values()];
  if (connector !== undefined) return scopes.filter((scope) => usesConnector(scope, connector)).map(({ name }) => name);
  const configured = scopes.filter(({ revision }) => revision > 0).map(({ name }) => name);
  const busy = [...tenants].filter(([, roots]) => hasRoot(roots)).map(([tenant]) => tenant);
  return [...new Set([...configured, ...busy])];
}

/** Tenants in the order of their names. */
export function listTenants(state: State, { after, limit, connector }: TenantsRequest): readonly string[] {
  const rest = tenantsOf(state, connector).filter((tenant) => tenant !== hubScope && (after === null || tenant > after));
  return rest.sort().slice(0, limit);
}
