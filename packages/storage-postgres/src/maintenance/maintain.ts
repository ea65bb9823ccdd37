import { isPatchbayError } from '@patchbay/core';
import type { Retention } from '@patchbay/core/adapter';
import type { Pool } from 'pg';
import { type Database, openDatabase, type Statement } from '../database/database.ts';
import { everyone } from '../database/scope.ts';
import { runFields } from '../ledger/run-moves.ts';
import { number, text } from '../row.ts';
import { checkSchemaName } from '../schema/check-schema-name.ts';
import { historyTables } from '../schema/partition-functions.ts';
import { deleteEndedFlows } from './delete-ended-flows.ts';
import { deleteEndedReceipts } from './delete-ended-receipts.ts';
import { deleteOldKeys } from './delete-old-keys.ts';
import { passForgottenTurns } from './pass-forgotten-turns.ts';
import { planRetention, type RetentionPlan } from './retention.ts';
import { standingHolds } from './standing-holds.ts';

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

async function emptyRange(database: Database, suffix: string, held: ReadonlySet<string>): Promise<string> {
  if (historyTables.some((table) => held.has(`${table}_${suffix}`))) return 'postponed';
  const emptied = await giveWay(() => database.query(empty, [suffix, longestWaitMs]));
  return emptied?.[0] === undefined ? 'postponed' : text(emptied[0], 'outcome');
}

async function dropEmptied(database: Database, { historyDays }: RetentionPlan, held: ReadonlySet<string>): Promise<number | null> {
  if (historyTables.some((table) => held.has(table))) return null;
  const dropped = await giveWay(() => database.query(drop, [historyDays, longestWaitMs]));
  return dropped?.[0] === undefined ? null : number(dropped[0], 'dropped');
}

type Clearing = Pick<MaintenanceReport, 'emptied' | 'dropped' | 'open' | 'postponed'>;

/** Takes away what is past retention, as far as nobody holds it. */
async function clearExpired(database: Database, plan: RetentionPlan): Promise<Clearing> {
  const suffixes = (await database.query(expired, [plan.historyDays])).map((row) => text(row, 'suffix'));
  if (suffixes.length === 0) return { emptied: 0, dropped: 0, open: 0, postponed: false };
  const held = await standingHolds(database);
  const outcomes: string[] = [];
  for (const suffix of suffixes) outcomes.push(await emptyRange(database, suffix, held));
  const dropped = await dropEmptied(database, plan, held);
  const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  return { emptied: count('emptied'), dropped: dropped ?? 0, open: count('open'), postponed: dropped === null || count('postponed') > 0 };
}

/** Maintains the tables through an open database. */
export async function maintainTables(database: Database, plan: RetentionPlan): Promise<MaintenanceReport> {
  const [made] = await database.query(make, [plan.aheadDays, plan.widthDays]);
  await database.query(fileStrays, []);
  const cleared = await clearExpired(database, plan);
  await passForgottenTurns(database);
  await deleteEndedFlows(database);
  await deleteEndedReceipts(database);
  const keys = await deleteOldKeys(database, plan.dedupeDays);
  return { made: made === undefined ? 0 : number(made, 'made'), ...cleared, keys };
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
  const open = openDatabase({ pool, schema: checkSchemaName(schema), prepare: false, scoped: true });
  return maintainTables(open.within(everyone), planRetention(retention));
}
