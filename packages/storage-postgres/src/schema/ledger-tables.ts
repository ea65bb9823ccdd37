/**
 * A dispatch that a claim of kind `ready` may find. `parked` rows are due later than a minute after they were written; they stand apart,
 * so that a backlog for tomorrow is not walked over by the claims of today.
 */
export const readyCondition = "status = 'pending' and crashes = 0 and not parked";

/** A dispatch that waits for a time far off. */
export const parkedCondition = "status = 'pending' and crashes = 0 and parked";

/** A pending dispatch that has crashed. */
export const suspectCondition = "status = 'pending' and crashes > 0";

/** An open dispatch that goes one after another with others. One that waits for its turn is parked, and due at infinity. */
export const orderedCondition = 'ordering_key is not null';

/** Milliseconds after which a dispatch that is written now is parked. */
export const parkingMs = 60_000;

/** The fields that an open dispatch and an ended one have in common. */
const dispatchFields = `
      tenant text collate "C" not null,
      root uuid not null,
      target text collate "C" not null,
      replay integer not null,
      path text collate "C" not null,
      handler text collate "C" not null,
      lane text collate "C" not null,
      work_class text collate "C" not null,
      operation text not null,
      connection text collate "C",
      input text,
      version integer,
      mark text not null,
      on_unknown text not null,
      status text collate "C" not null,
      created_at timestamptz not null,
      due_at timestamptz not null,
      fence integer not null,
      round integer not null,
      attempts integer not null,
      crashes integer not null,
      last_attempt integer not null,
      first_sent_at timestamptz,
      unknown_since timestamptz,
      error json,
      last_write text not null`;

/**
 * The small hot tables: what is open. A lease, its end and its fence stand in no index, so that beginning and extending move no index
 * entry. `last_write` names the act that wrote the row last, which is how a repeated call is told from a late one.
 */
const hot = 'autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, vacuum_truncate = off';

const hotTables = (schema: string): readonly string[] => [
  `create sequence ${schema}.dispatch_handles as bigint cache 64`,
  `create table ${schema}.dispatches (
      handle bigint primary key,${dispatchFields},
      parked boolean not null,
      holder text collate "C",
      lease_until timestamptz,
      claimed_at timestamptz,
      sent_at timestamptz,
      marked_first boolean not null default false,
      reason text,
      unique (tenant, root, target, replay, path)
  ) with (fillfactor = 75, ${hot})`,
  `create index dispatches_ready on ${schema}.dispatches (work_class, tenant, lane, due_at) where ${readyCondition}`,
  `create index dispatches_parked on ${schema}.dispatches (due_at) where ${parkedCondition}`,
  `create index dispatches_suspect on ${schema}.dispatches (due_at) where ${suspectCondition}`,
  `create index dispatches_leased on ${schema}.dispatches (holder) where status = 'leased'`,
  `create table ${schema}.event_marks (
      position bigint generated always as identity primary key,
      tenant text collate "C" not null,
      root uuid not null,
      fence integer not null default 0,
      holder text collate "C",
      lease_until timestamptz,
      routed integer not null default 0,
      unique (tenant, root)
  ) with (fillfactor = 75, ${hot})`,
];

/** History: keyed by the event, without foreign keys, so that it can be partitioned by range of the root and dropped as one. */
const historyTables = (schema: string): readonly string[] => [
  `create table ${schema}.event_dedupe (
      tenant text collate "C" not null,
      digest bytea not null,
      root uuid not null,
      hash text,
      stored_at timestamptz not null,
      primary key (tenant, digest)
  ) with (vacuum_truncate = off)`,
  `create table ${schema}.events (
      tenant text collate "C" not null,
      id uuid not null,
      type text collate "C" not null,
      source text not null,
      subject text,
      time timestamptz not null,
      connection text collate "C",
      correlation text not null,
      causation text,
      class text not null,
      severity text not null,
      data bytea not null,
      original bytea,
      registration text,
      delivery_id text,
      considered json,
      last_page text,
      stored_at timestamptz not null,
      primary key (tenant, id)
  ) with (vacuum_truncate = off)`,
  `create table ${schema}.runs (
      tenant text collate "C" not null,
      root uuid not null,
      automation text collate "C" not null,
      replay integer not null,
      automation_name text not null,
      version integer not null,
      status text collate "C" not null,
      state text not null,
      error json,
      revision integer not null,
      started_at timestamptz not null,
      finished_at timestamptz,
      primary key (tenant, root, automation, replay)
  ) with (fillfactor = 80, ${hot})`,
  `create table ${schema}.dispatch_history (
      handle bigint not null,${dispatchFields},
      output text,
      finished_at timestamptz not null,
      attempt_outcome text,
      attempt_started_at timestamptz,
      attempt_duration_ms double precision,
      attempt_holder text,
      attempt_retry_in_ms double precision,
      attempt_provider_request_id text,
      attempt_warnings json,
      primary key (tenant, root, target, replay, path)
  ) with (vacuum_truncate = off)`,
  `comment on column ${schema}.dispatch_history.attempt_outcome is
     'The attempt that ended the dispatch (number last_attempt) stands here; those before it stand in attempts.'`,
  `create table ${schema}.attempts (
      tenant text collate "C" not null,
      root uuid not null,
      target text collate "C" not null,
      replay integer not null,
      path text collate "C" not null,
      number integer not null,
      round integer not null,
      outcome text not null,
      started_at timestamptz not null,
      duration_ms double precision,
      holder text not null,
      fence integer not null,
      error json,
      retry_in_ms double precision,
      provider_request_id text,
      warnings json,
      primary key (tenant, root, target, replay, path, number)
  ) with (vacuum_truncate = off)`,
];

/** Tables of events, runs, dispatches and attempts. */
export const ledgerTableStatements = (schema: string): readonly string[] => [...hotTables(schema), ...historyTables(schema)];
