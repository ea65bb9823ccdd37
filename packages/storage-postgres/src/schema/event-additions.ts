import { configurationTable } from './configuration-tables.ts';
import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const additionTables: Readonly<Record<string, 'tenant'>> = { mappings: 'tenant', mapping_versions: 'tenant', enrichments: 'tenant' };

/** How data is mapped and enriched, and what that has added to events. */
export const eventAdditions: Migration = {
  version: 18,
  name: 'event_additions',
  compatibleFrom: 2,
  statements: (schema) => [
    `alter table ${schema}.events add column additions bytea`,
    `do $$ begin
       if exists (select from pg_catalog.pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
         alter table ${schema}.events alter column additions set compression lz4;
       end if;
     end $$`,
    ...Object.entries(additionTables).flatMap(([table, column]) => [
      configurationTable(schema, table),
      `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ]),
  ],
};
