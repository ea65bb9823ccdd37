import { scopeSettings, workerScope } from '../database/scope-texts.ts';
import type { Migration } from './migration.ts';
import { createLeaves } from './partition-functions.ts';

/**
 * The tables of this migration whose rows belong to tenants, each with the column that says to whom. The list is finished: a table that
 * comes later brings its policy with its own migration.
 */
export const firstGuardedTables: Readonly<Record<string, 'tenant' | 'scope'>> = {
  attempts: 'tenant',
  audit_log: 'tenant',
  automation_versions: 'tenant',
  automations: 'tenant',
  configuration_revisions: 'scope',
  connections: 'tenant',
  counters: 'tenant',
  credentials: 'tenant',
  dispatch_history: 'tenant',
  dispatches: 'tenant',
  event_dedupe: 'tenant',
  event_marks: 'tenant',
  events: 'tenant',
  gates: 'tenant',
  ordering_turns: 'tenant',
  registrations: 'tenant',
  run_history: 'tenant',
  runs: 'tenant',
  subscribers: 'tenant',
  tenant_keys: 'tenant',
};

/** Name of the one policy of each guarded table. */
export const policyName = 'tenants';

const setting = (name: string): string => `pg_catalog.current_setting('${name}', true)`;

/**
 * Rows of the tenants that the transaction names, or all for a worker. Where it says neither there are none. Both settings are read in
 * sub-selects, once for each statement and not for each row.
 */
export const tenantCondition = (column: string): string => `
  (select coalesce(${setting(scopeSettings.scope)}, '') = '${workerScope}')
  or ${column} = any ((select array(
    select pg_catalog.json_array_elements_text(nullif(${setting(scopeSettings.tenants)}, '')::json)))::text[])`;

/**
 * Policies by tenant. They change nothing until row-level security is enabled, which is a step of its own. The owner of the tables stands
 * above them, and with the owner the functions that maintain partitions: those look at everybody's work before they empty anything.
 */
export const tenantPolicies: Migration = {
  version: 7,
  name: 'tenant_policies',
  compatibleFrom: 2,
  statements: (schema) => [
    ...Object.entries(firstGuardedTables).map(
      ([table, column]) => `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ),
    createLeaves(schema, { guarded: true }),
  ],
};
