import type { Migration } from './migration.ts';

/** Tables whose rows belong to a connection. */
const dependants = ['credentials', 'registrations'] as const;

/**
 * A credential and a registration name a connection of their own tenant: the tenant is part of the key, so no row can name another's. It
 * is checked at the commit, because one change may bring both in any order. They go with their connection.
 */
const referTo = (schema: string, table: (typeof dependants)[number]): readonly string[] => [
  // What belongs to no connection could not be reached.
  `delete from ${schema}.${table} d
     where not exists (select from ${schema}.connections c where c.tenant = d.tenant and c.id = d.connection)`,
  `alter table ${schema}.${table} alter column connection set not null`,
  `alter table ${schema}.${table} add constraint ${table}_connection foreign key (tenant, connection)
     references ${schema}.connections (tenant, id) on delete cascade deferrable initially deferred`,
  `create index ${table}_connection on ${schema}.${table} (tenant, connection)`,
];

/** Who did what. Its rows outlive what they are about, so it refers to nothing. */
const auditLog = (schema: string): readonly string[] => [
  `create table ${schema}.audit_log (
      tenant text collate "C" not null,
      id uuid not null,
      at timestamptz not null,
      actor text not null,
      act text collate "C" not null,
      connection text collate "C",
      subject text,
      details json,
      position bigint,
      seal bytea,
      primary key (tenant, id)
  )`,
  `create index audit_log_unsealed on ${schema}.audit_log (tenant, id) where position is null`,
  `comment on column ${schema}.audit_log.position is 'Place in the chain of the tenant; null until the row has been sealed into it.'`,
];

/** References among the tables of what is configured, when credentials expire, and room for the audit log. */
export const configurationReferences: Migration = {
  version: 3,
  name: 'configuration_references',
  compatibleFrom: 2,
  statements: (schema) => [
    ...dependants.flatMap((table) => referTo(schema, table)),
    `alter table ${schema}.credentials add column expires_at timestamptz
       generated always as (to_timestamp((value ->> 'expiresAt')::double precision / 1000)) stored`,
    `create index credentials_expiry on ${schema}.credentials (expires_at) where expires_at is not null`,
    ...auditLog(schema),
  ],
};
