import { fillerOf } from './grow-tables.ts';
import { plainName } from './migration-log.ts';

/** Tables of history that are partitioned by range of the event's id, all at the same bounds, in the order in which they are locked. */
export const historyTables = ['events', 'run_history', 'dispatch_history', 'attempts'] as const;

/** The column that a table of the history is partitioned by. */
export const partitionKeyOf = (table: string): string => (table === 'events' ? 'id' : 'root');

const keyList = `array[${historyTables.map((table) => `'${partitionKeyOf(table)}'`).join(', ')}]`;

const tableList = `array[${historyTables.map((table) => `'${table}'`).join(', ')}]`;

const fillers = `array[${historyTables.map((table) => `$f$${fillerOf(table)}$f$`).join(', ')}]`;

/** Functions of the application's role that must not run on another's search path, and that not everybody may call. */
const definer = 'security definer set search_path = pg_catalog, pg_temp';

const lockOnce = (schema: string): string =>
  `pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('patchbay:partitions:${plainName(schema)}', 0))`;

/** Between ids and times, and what partitions there are. */
const readingFunctions = (schema: string): readonly string[] => [
  `create function ${schema}.first_id(at timestamptz) returns uuid language sql stable
     as $$ select (lpad(to_hex(floor(date_part('epoch', at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$`,
  `create function ${schema}.id_time(id uuid) returns timestamptz language sql stable
     as $$ select to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) $$`,
  `create function ${schema}.history_partitions() returns table (suffix text, begins uuid, ends uuid) language sql stable
     as $$ select substr(c.relname, length('events_') + 1),
         substring(b.bound from $r$FROM \\('([0-9a-f-]{36})'\\)$r$)::uuid, substring(b.bound from $r$TO \\('([0-9a-f-]{36})'\\)$r$)::uuid
       from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
         cross join lateral (select pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound) b
       where i.inhparent = '${schema}.events'::regclass order by 3 $$`,
  `create function ${schema}.has_open_work(begins uuid, ends uuid) returns boolean language sql volatile
     as $$ select exists (select from ${schema}.dispatches d where (begins is null or d.root >= begins) and d.root < ends)
       or exists (select from ${schema}.runs r where (begins is null or r.root >= begins) and r.root < ends)
       or exists (select from ${schema}.event_marks m where (begins is null or m.root >= begins) and m.root < ends) $$`,
  `create function ${schema}.holds_history(suffix text) returns boolean language plpgsql volatile as $$
   declare
     parent text;
     found boolean;
   begin
     foreach parent in array ${tableList} loop
       execute format('select exists (select from ${schema}.%I)', parent || '_' || suffix) into found;
       if found then return true; end if;
     end loop;
     return false;
   end $$`,
];

const guardLeaf = (schema: string): string => `
       if (select c.relrowsecurity from pg_catalog.pg_class c where c.oid = format('${schema}.%I', parent)::regclass) then
         execute format('alter table ${schema}.%I enable row level security', parent || '_' || suffix);
         for grantee in select distinct case a.grantee when 0 then 'public' else a.grantee::regrole::text end
           from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) a
           where c.oid = format('${schema}.%I', parent || '_' || suffix)::regclass and a.grantee <> c.relowner
         loop
           execute format('revoke truncate, references, trigger on ${schema}.%I from %s', parent || '_' || suffix, grantee);
         end loop;
       end if;`;

/**
 * Makes the tables of one range, which are attached later. Guarded ones let nobody but the owner ask them by their own names where their
 * parent has row-level security: the policies are the parent's. What no policy binds is taken from whom default privileges have given it.
 */
export const createLeaves = (schema: string, { guarded }: { readonly guarded: boolean }): string =>
  `create ${guarded ? 'or replace ' : ''}function ${schema}.create_leaves(suffix text, begins uuid) returns void language plpgsql as $$
   declare
     parent text;${guarded ? '\n     grantee text;' : ''}
   begin
     foreach parent in array ${tableList} loop
       execute format('create table ${schema}.%I (like ${schema}.%I including all) with (vacuum_truncate = off)',
         parent || '_' || suffix, parent);${guarded ? guardLeaf(schema) : ''}
     end loop;
     perform ${schema}.grow_leaves(suffix, begins);
   end $$`;

/** Makes, fills and attaches the tables of one range. Nothing is made by `partition of`, which waits for whoever uses the parent. */
const makingFunctions = (schema: string): readonly string[] => [
  `create function ${schema}.grow_leaves(suffix text, begins uuid) returns void language plpgsql as $$
   declare
     parents constant text[] := ${tableList};
     keys constant text[] := ${keyList};
     fillers constant text[] := ${fillers};
     filler constant uuid := coalesce(begins, '00000000-0000-0000-0000-000000000000');
   begin
     for place in 1 .. cardinality(parents) loop
       execute format('insert into ${schema}.%I ', parents[place] || '_' || suffix) || fillers[place] using filler;
       execute format('delete from ${schema}.%I where %I = $1', parents[place] || '_' || suffix, keys[place]) using filler;
     end loop;
   end $$`,
  createLeaves(schema, { guarded: false }),
  `create function ${schema}.attach_leaves(suffix text, begins uuid, ends uuid) returns void language plpgsql as $$
   declare
     parent text;
   begin
     foreach parent in array ${tableList} loop
       execute format('alter table ${schema}.%I attach partition ${schema}.%I for values from (%s) to (%L)',
         parent, parent || '_' || suffix, coalesce(quote_literal(begins), 'minvalue'), ends);
     end loop;
   end $$`,
  `create function ${schema}.day_of(id uuid) returns text language sql stable
     as $$ select to_char(${schema}.id_time(id) at time zone 'UTC', 'YYYYMMDD') $$`,
  `create function ${schema}.make_partitions(ahead_days integer, width_days integer) returns integer language plpgsql ${definer} as $$
   declare
     made integer := 0;
     newest uuid;
     ending uuid;
   begin
     if not ${lockOnce(schema)} then return 0; end if;
     loop
       select max(p.ends::text collate "C")::uuid into newest from ${schema}.history_partitions() p;
       exit when newest >= ${schema}.first_id(${schema}.clock() + ahead_days * interval '24 hours');
       ending := ${schema}.first_id(${schema}.id_time(newest) + width_days * interval '24 hours');
       perform ${schema}.create_leaves(${schema}.day_of(newest), newest);
       perform ${schema}.attach_leaves(${schema}.day_of(newest), newest, ending);
       made := made + 1;
     end loop;
     return made;
   end $$`,
];

/**
 * Takes away what is past retention. Emptying a range locks its own tables alone; dropping it locks the parents, so both give way after
 * `wait_ms`. The oldest range has no lower bound: what comes late below a range that was dropped still has a place.
 */
const expiringFunctions = (schema: string): readonly string[] => [
  `create function ${schema}.empty_partition(named text, wait_ms integer) returns text language plpgsql ${definer} as $$
   declare
     parent text;
     leaf record;
   begin
     select p.* into leaf from ${schema}.history_partitions() p where p.suffix = named;
     if not found or not ${schema}.holds_history(named) then return 'empty'; end if;
     if ${schema}.has_open_work(leaf.begins, leaf.ends) then return 'open'; end if;
     perform set_config('lock_timeout', wait_ms::text, true);
     foreach parent in array ${tableList} loop
       execute format('lock table ${schema}.%I in access exclusive mode', parent || '_' || named);
     end loop;
     if ${schema}.has_open_work(leaf.begins, leaf.ends) then return 'open'; end if;
     foreach parent in array ${tableList} loop
       execute format('truncate ${schema}.%I', parent || '_' || named);
     end loop;
     perform ${schema}.grow_leaves(named, leaf.begins);
     return 'emptied';
   end $$`,
  `create function ${schema}.drop_partitions(keep_days integer, wait_ms integer) returns integer language plpgsql ${definer} as $$
   declare
     leaf record;
     parent text;
     doomed text[] := '{}';
     ending uuid;
     lowest text;
     suffix text;
   begin
     if not ${lockOnce(schema)} then return 0; end if;
     for leaf in select p.* from ${schema}.history_partitions() p order by p.ends loop
       exit when leaf.ends > ${schema}.first_id(${schema}.clock() - keep_days * interval '24 hours') or ${schema}.holds_history(leaf.suffix);
       doomed := doomed || leaf.suffix;
       ending := leaf.ends;
     end loop;
     if cardinality(doomed) < 2 then return 0; end if;
     lowest := 'before_' || ${schema}.day_of(ending);
     perform ${schema}.create_leaves(lowest, null);
     perform set_config('lock_timeout', wait_ms::text, true);
     foreach parent in array ${tableList} loop
       execute format('lock table ${schema}.%I in access exclusive mode', parent);
     end loop;
     foreach suffix in array doomed loop
       if ${schema}.holds_history(suffix) then raise exception using errcode = '55P03', message = 'history came late'; end if;
       foreach parent in array ${tableList} loop
         execute format('drop table ${schema}.%I', parent || '_' || suffix);
       end loop;
     end loop;
     perform ${schema}.attach_leaves(lowest, null, ending);
     return cardinality(doomed);
   end $$`,
];

const restricted = ['make_partitions(integer, integer)', 'empty_partition(text, integer)', 'drop_partitions(integer, integer)'];

/**
 * Functions that keep the partitions of the history. Those that change tables do so with the rights of the role that migrated, so that the
 * application needs none to create or drop; only whom that role lets may call them.
 */
export const partitionFunctionStatements = (schema: string): readonly string[] => [
  ...readingFunctions(schema),
  ...makingFunctions(schema),
  ...expiringFunctions(schema),
  ...restricted.map((signature) => `revoke execute on function ${schema}.${signature} from public`),
];
