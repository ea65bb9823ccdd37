import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const journalTables: Readonly<Record<string, 'tenant'>> = { journal_entries: 'tenant' };

/** What happened, for a while: requests, checks, alerts. Rows are added and taken away, and never changed. */
export const journal: Migration = {
  version: 16,
  name: 'journal',
  compatibleFrom: 2,
  statements: (schema) => [
    `create table ${schema}.journal_entries (
      tenant text collate "C" not null,
      stream text collate "C" not null,
      id uuid not null,
      subject text collate "C" not null,
      verdict text collate "C" not null,
      at timestamptz not null,
      value json not null,
      primary key (tenant, stream, id)
    )`,
    `create index journal_entries_subject on ${schema}.journal_entries (tenant, stream, subject, id desc)`,
    `create index journal_entries_age on ${schema}.journal_entries (stream, at)`,
    `create index journal_entries_age_of_tenant on ${schema}.journal_entries (tenant, stream, at)`,
    // A subject is one tenant's: who takes the two for independent expects a thousandth of its entries, and sorts them all for a page.
    `create statistics ${schema}.journal_entries_subjects (dependencies) on tenant, subject from ${schema}.journal_entries`,
    ...Object.entries(journalTables).map(
      ([table, column]) => `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ),
  ],
};
