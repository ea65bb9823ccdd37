import { orderedCondition } from './ledger-tables.ts';
import type { Migration } from './migration.ts';

/** Columns of an ordered dispatch, open or ended; null where nothing orders it. */
const columns = 'add column ordering_key text collate "C", add column on_dead text, add column ordering_number bigint';

/**
 * Who has which ordering key. There is a row while somebody has it or waits for it; its lock is what puts everybody in one order who stores,
 * ends or opens dispatches of that key.
 */
const turns = (schema: string): readonly string[] => [
  `create sequence ${schema}.ordering_numbers as bigint`,
  `create table ${schema}.ordering_turns (
      tenant text collate "C" not null,
      target text collate "C" not null,
      key text collate "C" not null,
      number bigint,
      root uuid,
      replay integer,
      primary key (tenant, target, key)
  ) with (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, vacuum_truncate = off)`,
  `comment on table ${schema}.ordering_turns is 'The run that has each ordering key: it keeps it until nothing of it is open.'`,
  // First pages, so that statements that are planned while it is empty go by its index later on.
  `insert into ${schema}.ordering_turns (tenant, target, key)
     select number::text, repeat('-', 200), repeat('-', 200) from generate_series(1, 600) number`,
  `delete from ${schema}.ordering_turns`,
];

/** Dispatches that go one after another by a key, and marks that are routed in order. */
export const orderingKeys: Migration = {
  version: 4,
  name: 'ordering_keys',
  compatibleFrom: 2,
  statements: (schema) => [
    `alter table ${schema}.dispatches ${columns}, add column turn_due_at timestamptz`,
    `comment on column ${schema}.dispatches.turn_due_at is
       'When it is due once it has its turn; until then it is parked and due at infinity.'`,
    `alter table ${schema}.dispatch_history ${columns}`,
    `create index dispatches_ordered on ${schema}.dispatches (tenant, target, ordering_key, ordering_number) where ${orderedCondition}`,
    ...turns(schema),
    `alter table ${schema}.event_marks add column in_order boolean not null default false`,
    `create index event_marks_free on ${schema}.event_marks (position) where not in_order`,
    `create index event_marks_in_order on ${schema}.event_marks (tenant, position) where in_order`,
  ],
};
