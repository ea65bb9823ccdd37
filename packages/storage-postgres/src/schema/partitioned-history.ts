import type { Migration } from './migration.ts';
import { historyTables, partitionFunctionStatements, partitionKeyOf } from './partition-functions.ts';

/** Days that partitions are made ahead, and days that each covers, when the tables are made; maintenance goes on from there. */
const first = { aheadDays: 60, widthDays: 15 };

/** Ended runs move from the hot table to the history. */
const runHistory = (schema: string): readonly string[] => [
  `create table ${schema}.run_history (like ${schema}.runs including all) with (vacuum_truncate = off)`,
  `insert into ${schema}.run_history select * from ${schema}.runs where status <> 'running'`,
  `delete from ${schema}.runs where status <> 'running'`,
];

/**
 * What is there becomes the oldest partition, without a lower bound and up to the next midnight behind its newest event: no row is
 * copied.
 */
const partition = (schema: string): string => `do $$
declare
  parents constant text[] := array[${historyTables.map((table) => `'${table}'`).join(', ')}];
  keys constant text[] := array[${historyTables.map((table) => `'${partitionKeyOf(table)}'`).join(', ')}];
  found uuid;
  newest uuid := ${schema}.first_id(now());
  suffix text;
begin
  for place in 1 .. cardinality(parents) loop
    execute format('select max(%I::text collate "C")::uuid from ${schema}.%I', keys[place], parents[place]) into found;
    newest := greatest(newest, found);
  end loop;
  newest := ${schema}.first_id(date_trunc('day', ${schema}.id_time(newest), 'UTC') + interval '24 hours');
  suffix := 'before_' || ${schema}.day_of(newest);
  for place in 1 .. cardinality(parents) loop
    execute format('alter table ${schema}.%I rename to %I', parents[place], parents[place] || '_' || suffix);
    execute format('alter index ${schema}.%I rename to %I', parents[place] || '_pkey', parents[place] || '_' || suffix || '_pkey');
    execute format('create table ${schema}.%I (like ${schema}.%I including all) partition by range (%I)',
      parents[place], parents[place] || '_' || suffix, keys[place]);
  end loop;
  perform ${schema}.attach_leaves(suffix, null, newest);
  perform ${schema}.grow_leaves(suffix, null);
end $$`;

/** Partitions the history by range of the event's id, and tells open runs from ended ones. */
export const partitionedHistory: Migration = {
  version: 2,
  name: 'partitioned_history',
  compatibleFrom: 2,
  statements: (schema) => [
    ...runHistory(schema),
    // Its functions are not looked into before they run: the tables that they name come with the next statement.
    'set local check_function_bodies = off',
    ...partitionFunctionStatements(schema),
    partition(schema),
    'reset check_function_bodies',
    `do $$ begin perform ${schema}.make_partitions(${first.aheadDays}, ${first.widthDays}); end $$`,
    `create index event_dedupe_stored on ${schema}.event_dedupe (stored_at)`,
    `create index counter_batches_added on ${schema}.counter_batches (added_at)`,
  ],
};
