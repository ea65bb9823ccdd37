/** Tables whose rows belong to a connection. */
const dependants = ['credentials', 'registrations'] as const;

/**
 * A credential and a registration name a connection of their own tenant: the tenant is part of the key, so no row can name another's. It
 * is checked at the commit, because one change may bring both in any order. They go with their connection. A table of SQLite gets a
 * reference only by being made anew.
 */
const referTo = (table: (typeof dependants)[number]): readonly string[] => [
  `create table ${table}_anew (
    tenant text not null, id text not null, name text not null, version integer not null, value text not null, updated_at integer not null,
    connection text not null generated always as (value ->> '$.connection') virtual, primary key (tenant, id), unique (tenant, name),
    foreign key (tenant, connection) references connections (tenant, id) on delete cascade deferrable initially deferred
  )`,
  // What belongs to no connection could not be reached.
  `insert into ${table}_anew (tenant, id, name, version, value, updated_at)
    select tenant, id, name, version, value, updated_at from ${table} d
    where exists (select 1 from connections c where c.tenant = d.tenant and c.id = d.connection)`,
  `drop table ${table}`,
  `alter table ${table}_anew rename to ${table}`,
  `create index ${table}_connection on ${table} (tenant, connection)`,
];

/** References among the tables of what is configured. */
export const configurationReferences: readonly string[] = [
  ...dependants.flatMap(referTo),
  'create index registrations_id on registrations (id)',
];
