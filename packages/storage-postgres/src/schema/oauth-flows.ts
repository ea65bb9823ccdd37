import { configurationTable } from './configuration-tables.ts';
import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const flowTables: Readonly<Record<string, 'tenant'>> = { apps: 'tenant', oauth_flows: 'tenant' };

/** Flows that people have begun at other services, and the tenants' own registrations there. */
export const oauthFlows: Migration = {
  version: 9,
  name: 'oauth_flows',
  compatibleFrom: 2,
  statements: (schema) => [
    configurationTable(schema, 'apps'),
    `create table ${schema}.oauth_flows (
      hash text collate "C" primary key,
      tenant text collate "C" not null,
      host_user text collate "C" not null,
      value text not null,
      expires_at timestamptz not null,
      taker text
    )`,
    `create index oauth_flows_user on ${schema}.oauth_flows (tenant, host_user)`,
    `create index oauth_flows_age on ${schema}.oauth_flows (expires_at)`,
    ...Object.entries(flowTables).map(
      ([table, column]) => `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ),
  ],
};
