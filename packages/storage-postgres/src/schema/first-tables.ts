import { configurationTableStatements } from './configuration-tables.ts';
import { controlTableStatements } from './control-tables.ts';
import { functionStatements } from './functions.ts';
import { growTables } from './grow-tables.ts';
import { ledgerTableStatements } from './ledger-tables.ts';
import type { Migration } from './migration.ts';

/** Compresses what is large with lz4 where the server was built with it: half the time of the default. */
const compression = (schema: string): string => `do $$ begin
  if exists (select from pg_catalog.pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
    alter table ${schema}.events alter column data set compression lz4, alter column original set compression lz4;
    alter table ${schema}.dispatches alter column input set compression lz4;
    alter table ${schema}.dispatch_history alter column input set compression lz4, alter column output set compression lz4;
    alter table ${schema}.runs alter column state set compression lz4;
  end if;
end $$`;

/** The tables and functions that everything began with. */
export const firstTables: Migration = {
  version: 1,
  name: 'first_tables',
  compatibleFrom: 1,
  statements: (schema) => [
    ...configurationTableStatements(schema),
    ...ledgerTableStatements(schema),
    ...controlTableStatements(schema),
    ...functionStatements(schema),
    compression(schema),
    ...growTables(schema),
  ],
};
