import { configurationTable } from './configuration-tables.ts';
import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const alertRuleTables: Readonly<Record<string, 'tenant'>> = { alert_rules: 'tenant' };

/** When somebody is to be told of trouble, and how. What has become of it changes by itself and stands among the states. */
export const alertRules: Migration = {
  version: 17,
  name: 'alert_rules',
  compatibleFrom: 2,
  statements: (schema) =>
    Object.entries(alertRuleTables).flatMap(([table, column]) => [
      configurationTable(schema, table),
      `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ]),
};
