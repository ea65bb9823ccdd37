import { configurationTable } from './configuration-tables.ts';
import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const endpointAndStateTables: Readonly<Record<string, 'tenant'>> = { endpoints: 'tenant', receivers: 'tenant', states: 'tenant' };

/** Where a tenant's events go, where webhooks without a connector come in, and what changes by itself. */
export const endpointsAndStates: Migration = {
  version: 13,
  name: 'endpoints_and_states',
  compatibleFrom: 2,
  statements: (schema) => [
    configurationTable(schema, 'endpoints'),
    configurationTable(schema, 'receivers'),
    `create index receivers_id on ${schema}.receivers (id)`,
    // Written over and over: room in the page keeps the new version beside the old one.
    `create table ${schema}.states (
        tenant text collate "C" not null,
        name text collate "C" not null,
        version bigint not null,
        value json not null,
        updated_at timestamptz not null,
        primary key (tenant, name)
    ) with (fillfactor = 70)`,
    ...Object.entries(endpointAndStateTables).map(
      ([table, column]) => `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ),
  ],
};
