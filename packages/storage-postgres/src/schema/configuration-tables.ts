import type { ConfigurationKind } from '@patchbay/core/adapter';

/** The tables that the first migration makes. */
const firstTables = {
  connection: 'connections',
  credential: 'credentials',
  automation: 'automations',
  automation_version: 'automation_versions',
  registration: 'registrations',
  subscriber: 'subscribers',
  tenant_key: 'tenant_keys',
} as const;

/** The table of each kind. */
export const configurationTables: Readonly<Record<ConfigurationKind, string>> = {
  ...firstTables,
  app: 'apps',
  connector_configuration: 'connector_configurations',
  connector_change: 'connector_changes',
  endpoint: 'endpoints',
  receiver: 'receivers',
  alert_rule: 'alert_rules',
  mapping: 'mappings',
  mapping_version: 'mapping_versions',
  enrichment: 'enrichments',
};

/** What is looked up besides id and name is a column of its own, kept by the database. */
const generated: Readonly<Record<string, string>> = {
  connections: `,
      connector text collate "C" generated always as (value ->> 'connector') stored,
      external_account_id text collate "C" generated always as (value ->> 'externalAccountId') stored,
      status text collate "C" generated always as (value ->> 'status') stored`,
  credentials: `,
      connection text collate "C" generated always as (value ->> 'connection') stored`,
  registrations: `,
      connection text collate "C" generated always as (value ->> 'connection') stored`,
};

/** Statement that makes the table of a kind. */
export const configurationTable = (schema: string, table: string): string => `
  create table ${schema}.${table} (
      tenant text collate "C" not null,
      id text collate "C" not null,
      name text collate "C" not null,
      version integer not null,
      value json not null,
      updated_at timestamptz not null${generated[table] ?? ''},
      primary key (tenant, id),
      unique (tenant, name)
  )`;

/** Tables of what is configured, one for each kind, and the revision of each scope. The hub's own scope is the empty text. */
export const configurationTableStatements = (schema: string): readonly string[] => [
  `create table ${schema}.configuration_revisions (
      scope text collate "C" primary key,
      revision bigint not null
  )`,
  ...Object.values(firstTables).map((table) => configurationTable(schema, table)),
  `create index registrations_id on ${schema}.registrations (id)`,
  `create index connections_account on ${schema}.connections (connector, external_account_id)
     where external_account_id is not null`,
];
