import type { ConfigurationKind, Revision, Row } from '@patchbay/core/adapter';
import { hubScope } from '@patchbay/core/adapter';
import { createLocators, type Locators } from './locators.ts';

/** Rows of one kind of one scope. */
export interface RowTable<Kind extends ConfigurationKind = ConfigurationKind> {
  readonly byId: Map<string, Row<Kind>>;
  /** Ids by name. */
  readonly byName: Map<string, string>;
}

/** What one revision changed. */
export interface LoggedRevision {
  readonly revision: number;
  readonly rows: readonly { readonly kind: ConfigurationKind; readonly id: string }[];
}

/** What one scope, a tenant or the hub, has configured. */
export interface Scope {
  readonly name: string;
  revision: number;
  /** Rows that each of the last revisions changed, the oldest first. */
  readonly log: LoggedRevision[];
  readonly tables: { readonly [Kind in ConfigurationKind]: RowTable<Kind> };
}

/** Everything configured. */
export interface ConfigurationState {
  readonly scopes: Map<string, Scope>;
  readonly locators: Locators;
}

const emptyTable = <Kind extends ConfigurationKind>(): RowTable<Kind> => ({ byId: new Map(), byName: new Map() });

/** Makes an empty scope. */
export const createScope = (name: string): Scope => ({
  name,
  revision: 0,
  log: [],
  tables: {
    connection: emptyTable(),
    credential: emptyTable(),
    automation: emptyTable(),
    automation_version: emptyTable(),
    registration: emptyTable(),
    subscriber: emptyTable(),
    tenant_key: emptyTable(),
    app: emptyTable(),
    connector_configuration: emptyTable(),
    connector_change: emptyTable(),
    endpoint: emptyTable(),
    receiver: emptyTable(),
    alert_rule: emptyTable(),
    mapping: emptyTable(),
    mapping_version: emptyTable(),
    enrichment: emptyTable(),
  },
});

/** Makes an empty state. */
export const createConfigurationState = (): ConfigurationState => ({ scopes: new Map(), locators: createLocators() });

/** The revisions of the hub and of the tenant now. */
export function revisionOf(state: ConfigurationState, tenant: string): Revision {
  return { hub: state.scopes.get(hubScope)?.revision ?? 0, tenant: state.scopes.get(tenant)?.revision ?? 0 };
}
