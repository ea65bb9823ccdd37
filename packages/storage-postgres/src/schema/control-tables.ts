/** Tables of gates, named leases and counters. A lease that was given back keeps its row, so that its fence goes on growing. */
export const controlTableStatements = (schema: string): readonly string[] => [
  `create table ${schema}.gates (
      tenant text collate "C" not null,
      lane text collate "C" not null,
      reason text collate "C" not null,
      until timestamptz,
      primary key (tenant, lane, reason)
  ) with (vacuum_truncate = off)`,
  `create table ${schema}.leases (
      name text collate "C" primary key,
      holder text,
      fence bigint not null,
      until timestamptz not null
  )`,
  `create table ${schema}.counter_batches (
      id text collate "C" primary key,
      added_at timestamptz not null
  )`,
  `create table ${schema}.counters (
      tenant text collate "C" not null,
      name text collate "C" not null,
      day date not null,
      count double precision not null,
      primary key (tenant, name, day)
  )`,
];
