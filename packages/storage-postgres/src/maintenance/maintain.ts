import { isPatchbayError } from '@patchbay/core';
import type { Pool } from 'pg';
import { type Database, openDatabase, type Statement } from '../database.ts';
import { runFields } from '../ledger/run-moves.ts';
import { number, text } from '../row.ts';
import { checkSchemaName } from '../schema/check-schema-name.ts';
import { deleteOldKeys } from './delete-old-keys.ts';
import { passForgottenTurns } from './pass-forgotten-turns.ts';
import { planRetention, type Retention, type RetentionPlan } from './retention.ts';

/** What {@link maintain} did. */
export interface MaintenanceReport {
  /** Ranges of days that were made ahead. */
  readonly made: number;
  /** Expired ranges that were emptied. */
  readonly emptied: number;
  /** Expired ranges that are gone from the catalogue too. */
  readonly dropped: number;
  /** Expired ranges that are kept, because something below one of their events is open. */
  readonly open: number;
  /** Dedupe keys that were deleted. */
  readonly keys: number;
  /** True where somebody's open transaction held a table: it was left for the next time. */
  readonly postponed: boolean;
}

/** Longest wait for a lock that others then wait behind, milliseconds. */
const longestWaitMs = 200;

const make: Statement = { name: 'make_partitions', text: (schema) => `select ${schema}.make_partitions($1::int, $2::int) as made` };

const expired: Statement = {
  name: 'expired_partitions',
  text: (schema) => `
select p.suffix from ${schema}.history_partitions() p
where p.ends <= ${schema}.first_id(${schema}.clock() - $1::int * interval '24 hours') order by p.ends`,
};

const empty: Statement = { name: 'empty_partition', text: (schema) => `select ${schema}.empty_partition($1::text, $2::int) as outcome` };
const drop: Statement = { name: 'drop_partitions', text: (schema) => `select ${schema}.drop_partitions($1::int, $2::int) as dropped` };

/** Ended runs that stayed among the open ones, because whoever brought them back was lost. */
const fileStrays: Statement = {
  name: 'file_stray_runs',
  text: (schema) => `
with gone as (
  delete from ${schema}.runs where ctid = any (array(
    select r.ctid from ${schema}.runs r where r.status <> 'running' limit 1000 for update skip locked)) returning *)
insert into ${schema}.run_history (${runFields}) select ${runFields} from gone`,
};

const isLockTimeout = (error: unknown): boolean => isPatchbayError(error) && /^(55P03|40P01)$/.test(String(error.details['sqlstate']));

/** Runs a statement that gives way; `null` where it did. */
async function giveWay<Result>(act: () => Promise<Result>): Promise<Result | null> {
  try {
    return await act();
  } catch (error) {
    if (isLockTimeout(error)) return null;
    throw error;
  }
}

async function emptyExpired(database: Database, { historyDays }: RetentionPlan): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  for (const row of await database.query(expired, [historyDays])) {
    const values = [text(row, 'suffix'), longestWaitMs];
    const emptied = await giveWay(() => database.query(empty, values));
    const outcome = emptied?.[0] === undefined ? 'postponed' : text(emptied[0], 'outcome');
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

/** Maintains the tables through an open database. */
export async function maintainTables(database: Database, plan: RetentionPlan): Promise<MaintenanceReport> {
  const [made] = await database.query(make, [plan.aheadDays, plan.widthDays]);
  await database.query(fileStrays, []);
  const outcomes = await emptyExpired(database, plan);
  await passForgottenTurns(database);
  const dropped = await giveWay(() => database.query(drop, [plan.historyDays, longestWaitMs]));
  return {
    made: made === undefined ? 0 : number(made, 'made'),
    emptied: outcomes.get('emptied') ?? 0,
    dropped: dropped?.[0] === undefined ? 0 : number(dropped[0], 'dropped'),
    open: outcomes.get('open') ?? 0,
    keys: await deleteOldKeys(database, plan.dedupeDays),
    postponed: dropped === null || outcomes.has('postponed'),
  };
}

/** What {@link maintain} works on. */
export interface MaintainOptions {
  readonly pool: Pool;
  /** Schema of the tables. @default 'patchbay' */
  readonly schema?: string;
  readonly retention?: Retention;
}

/**
 * Makes the partitions that will be needed and takes away what is past retention. A started worker does it every hour by itself; call it
 * where none runs. Any number may call it at once. Waits for nobody longer than a moment: what is held is left for the next time.
 */
export async function maintain({ pool, schema = 'patchbay', retention }: MaintainOptions): Promise<MaintenanceReport> {
  return maintainTables(openDatabase({ pool, schema: checkSchemaName(schema), prepare: false }), planRetention(retention));
}
