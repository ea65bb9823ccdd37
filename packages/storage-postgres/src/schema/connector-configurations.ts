import { configurationTable } from './configuration-tables.ts';
import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const connectorConfigurationTables: Readonly<Record<string, 'tenant'>> = {
  connector_configurations: 'tenant',
  connector_changes: 'tenant',
};

/** What tenants set for connectors, and each change of it. */
export const connectorConfigurations: Migration = {
  version: 11,
  name: 'connector_configurations',
  compatibleFrom: 2,
  statements: (schema) =>
    Object.entries(connectorConfigurationTables).flatMap(([table, column]) => [
      configurationTable(schema, table),
      `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ]),
};
