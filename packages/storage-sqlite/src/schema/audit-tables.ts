/** A record that has no place in its tenant's chain yet. */
export const unsealedCondition = 'seq is null';

/** Who did what, and how far each tenant's chain goes. It outlives what it is about, so it refers to nothing. */
export const auditTables: readonly string[] = [
  `create table audit_log (
    tenant text not null, id text not null, at integer not null, actor_kind text not null, actor_id text not null, action text not null,
    object_type text not null, object_id text not null, connection text, outcome text not null, details text not null, correlation text,
    seq integer, hash text, primary key (tenant, id)
  )`,
  'create index audit_log_order on audit_log (tenant, at, id)',
  'create unique index audit_log_chain on audit_log (tenant, seq) where seq is not null',
  `create index audit_log_unsealed on audit_log (tenant, at, id) where ${unsealedCondition}`,
  `create table audit_heads (
    tenant text primary key, seq integer not null, hash text not null, base_seq integer not null default 0, base_hash text not null default ''
  ) without rowid`,
];
