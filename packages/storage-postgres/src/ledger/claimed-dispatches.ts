import type { ClaimedDispatch, RunRecord } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { number, type Row, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { claimedDispatch } from './dispatch-record.ts';
import { automationOf, optionalRun, runColumns, runRecord } from './run-record.ts';

const columns: readonly Column<Row>[] = [
  ['tenant', 'text', (row) => text(row, 'tenant')],
  ['root', 'uuid', (row) => text(row, 'root')],
  ['automation', 'text', (row) => automationOf(text(row, 'target'))],
  ['replay', 'int', (row) => number(row, 'replay')],
];

const sameRun = 'r.tenant = k.tenant and r.root = k.root and r.automation = k.automation and r.replay = k.replay';

/** An ended run may have come back since it was missed among the open ones, so both tables are looked at. */
const statement: Statement = {
  name: 'runs_of_claimed',
  text: (schema) => `
select k.position, ${runColumns(schema, 'f')} from ${batchTable(columns, { first: 1, alias: 'k', ordinal: 'position' })}
cross join lateral (
  select * from ${schema}.run_history r where ${sameRun} union all select * from ${schema}.runs r where ${sameRun} limit 1) f`,
};

const lacksRun = (row: Row): boolean => automationOf(text(row, 'target')) !== null && optionalRun(row) === null;

/**
 * Reads claimed dispatches with their runs. A claim looks for those among the open ones alone; the run of a dispatch that has outlived it
 * is fetched here.
 */
export async function claimedDispatches(
  database: Database,
  rows: readonly Row[],
  client?: ClientBase,
): Promise<readonly ClaimedDispatch[]> {
  const lacking = rows.filter(lacksRun);
  const found = new Map<Row | undefined, RunRecord>();
  if (lacking.length > 0) {
    for (const row of await database.query(statement, batchValues(columns, lacking), client)) {
      found.set(lacking[number(row, 'position') - 1], runRecord(row));
    }
  }
  return rows.map((row) => claimedDispatch(row, optionalRun(row) ?? found.get(row) ?? null));
}
