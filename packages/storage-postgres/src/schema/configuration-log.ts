import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The table of this migration, with the column that says to whom a row belongs. */
export const logTables: Readonly<Record<string, 'scope'>> = { configuration_changes: 'scope' };

/** Which rows each of a scope's last revisions changed. A process of an older version writes none: then a revision is missing. */
export const configurationLog: Migration = {
  version: 10,
  name: 'configuration_log',
  compatibleFrom: 2,
  statements: (schema) => [
    `create table ${schema}.configuration_changes (
      scope text collate "C" not null,
      revision bigint not null,
      kind text collate "C" not null,
      id text collate "C" not null,
      primary key (scope, revision, kind, id)
    )`,
    ...Object.entries(logTables).map(
      ([table, column]) => `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ),
  ],
};
