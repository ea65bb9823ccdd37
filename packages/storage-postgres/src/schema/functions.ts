/** Number of the advisory lock of a scope's configuration: those who write it hold it alone, ingest shares it. */
export const scopeLock = (schema: string, scope: string): string => `pg_catalog.hashtextextended('${schema}:' || ${scope}, 0)`;

/**
 * The revisions of some scopes, held until the transaction ends: a writer of the configuration waits for those who have read it here, so
 * what commits after a change was planned with it. It is a function because its second query sees what was committed while the first one
 * waited, and the first takes the locks in one order for everybody. `wait_ms` bounds every wait for a lock in this transaction; null
 * leaves that alone.
 */
const lockRevisions = (schema: string): string => `
  create or replace function ${schema}.lock_revisions(scopes text[], wait_ms integer) returns table (scope text, revision bigint)
    language plpgsql volatile as $$
  begin
    if wait_ms is not null then
      perform pg_catalog.set_config('lock_timeout', wait_ms::text, true);
    end if;
    perform pg_catalog.pg_advisory_xact_lock_shared(wanted.lock)
      from (select distinct ${scopeLock(schema, 'asked')} as lock from unnest(scopes) asked order by 1) wanted;
    return query select c.scope, c.revision from ${schema}.configuration_revisions c where c.scope = any (scopes);
  end $$`;

/**
 * Functions of the schema. `clock` is the only source of time, so that a test can move it. It counts whole milliseconds: a time that went
 * out to a worker and came back is the same.
 */
export const functionStatements = (schema: string): readonly string[] => [
  `create or replace function ${schema}.clock() returns timestamptz language sql volatile
     as $$ select pg_catalog.date_trunc('milliseconds', pg_catalog.clock_timestamp()) $$`,
  `create or replace function ${schema}.millis(at timestamptz) returns double precision language sql stable
     as $$ select pg_catalog.round(pg_catalog.date_part('epoch', at) * 1000) $$`,
  `create or replace function ${schema}.moment(millis double precision) returns timestamptz language sql immutable
     as $$ select pg_catalog.to_timestamp(millis / 1000.0) $$`,
  lockRevisions(schema),
];
