import type { Migration } from './migration.ts';
import { policyName, tenantCondition } from './tenant-policies.ts';

/** A record that has no place in its tenant's chain yet. */
export const unsealedCondition = 'seq is null';

/** The tables of this migration whose rows belong to tenants, each with the column that says to whom. */
export const auditGuardedTables: Readonly<Record<string, 'tenant'>> = { audit_heads: 'tenant' };

// Nothing has written to the table before, so its columns are free to become what the records need.
const columns = (schema: string): readonly string[] => [
  ...['act to action', 'subject to object_id', 'actor to actor_id', 'position to seq'].map(
    (renamed) => `alter table ${schema}.audit_log rename column ${renamed}`,
  ),
  `alter table ${schema}.audit_log
     add column actor_kind text not null, add column object_type text not null, add column outcome text not null,
     add column correlation text, add column hash text, drop column seal, alter column object_id set not null,
     alter column details set not null`,
];

/** Who did what, each tenant's acts in a chain, and how far each chain goes. */
export const auditChain: Migration = {
  version: 8,
  name: 'audit_chain',
  compatibleFrom: 2,
  statements: (schema) => [
    ...columns(schema),
    `drop index ${schema}.audit_log_unsealed`,
    `create index audit_log_unsealed on ${schema}.audit_log (tenant, at, id) where ${unsealedCondition}`,
    `create index audit_log_order on ${schema}.audit_log (tenant, at, id)`,
    `create unique index audit_log_chain on ${schema}.audit_log (tenant, seq) where seq is not null`,
    `comment on column ${schema}.audit_log.seq is 'Place in the chain of the tenant, from 1; null until the row has been sealed into it.'`,
    `create table ${schema}.audit_heads (
        tenant text collate "C" primary key,
        seq bigint not null,
        hash text not null,
        base_seq bigint not null default 0,
        base_hash text not null default ''
    )`,
    `comment on table ${schema}.audit_heads is 'The last sealed record of each chain, and the last that was taken away by its age.'`,
    `create policy ${policyName} on ${schema}.audit_heads using (${tenantCondition('tenant')})`,
  ],
};
