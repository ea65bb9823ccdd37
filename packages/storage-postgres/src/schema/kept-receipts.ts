import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** The tables of this migration, each with the column that says to whom a row belongs. */
export const receiptTables: Readonly<Record<string, 'tenant'>> = { kept_receipts: 'tenant' };

/** Verified deliveries that could not become events. The view `receipts` shows those that did. */
export const keptReceipts: Migration = {
  version: 15,
  name: 'kept_receipts',
  compatibleFrom: 2,
  statements: (schema) => [
    `create table ${schema}.kept_receipts (
      tenant text collate "C" not null,
      id uuid not null,
      connector text collate "C",
      registration text collate "C" not null,
      connection text collate "C",
      delivery_id text,
      guard text collate "C" not null,
      code text collate "C" not null,
      message text not null,
      headers text not null,
      size int not null,
      received_at timestamptz not null,
      expires_at timestamptz not null,
      body bytea not null,
      primary key (tenant, id),
      unique (tenant, guard)
    )`,
    `create index kept_receipts_age on ${schema}.kept_receipts (expires_at)`,
    ...Object.entries(receiptTables).map(
      ([table, column]) => `create policy ${policyName} on ${schema}.${table} using (${tenantCondition(column)})`,
    ),
  ],
};
