import type { NewDispatch } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { type Row, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { passStatements } from './pass-turns.ts';

/** Names an ordering key. */
export interface KeyName {
  readonly tenant: string;
  readonly target: string;
  readonly key: string;
}

/** Columns that name ordering keys. */
export const orderingKeyColumns: readonly Column<KeyName>[] = [
  ['tenant', 'text', (name) => name.tenant],
  ['target', 'text', (name) => name.target],
  ['key', 'text', (name) => name.key],
];

/** The keys that these dispatches will have. */
export const keysOfNew = (dispatches: readonly NewDispatch[]): readonly KeyName[] =>
  dispatches.flatMap(({ key: { tenant, target }, ordering }) => (ordering === null ? [] : [{ tenant, target, key: ordering.key }]));

/** True where one of them has an ordering key. What is no dispatch is refused where it is read. */
export const areOrdered = (dispatches: readonly NewDispatch[]): boolean => dispatches.some((one) => one?.ordering != null);

/** Splits a part of a batch into what has no ordering keys and what has; empty ones are left out. */
export function partsByOrder(
  part: readonly number[],
  dispatchesAt: (index: number) => readonly NewDispatch[],
): readonly (readonly number[])[] {
  const isOrdered = (index: number): boolean => areOrdered(dispatchesAt(index));
  return [part.filter((index) => !isOrdered(index)), part.filter(isOrdered)].filter((one) => one.length > 0);
}

/** Reads the name of a key. */
export const keyName = (row: Row): KeyName => ({
  tenant: text(row, 'tenant'),
  target: text(row, 'target'),
  key: text(row, 'ordering_key'),
});

/**
 * Everybody takes the rows of keys in one order, and before all else, so that nobody waits in a circle. The row is written although it stays
 * as it is, because only that both makes and locks it whatever others do.
 */
const lock: Statement = {
  name: 'lock_ordering_keys',
  text: (schema) => `
insert into ${schema}.ordering_turns (tenant, target, key)
select distinct k.tenant, k.target, k.key from ${batchTable(orderingKeyColumns, { first: 1, alias: 'k', ordinal: 'position' })} order by 1, 2, 3
on conflict (tenant, target, key) do update set number = ordering_turns.number`,
};

const statements = passStatements(batchTable(orderingKeyColumns, { first: 1, alias: 'k', ordinal: 'position' }));

/**
 * Does work that stores, ends or opens dispatches of these keys, in one transaction: alone with the keys, and followed by whose turn it then
 * is. The statements of the work, each by itself, see whatever was committed before the keys were locked.
 */
export function underKeys<Result>(
  database: Database,
  names: readonly KeyName[],
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  return database.transaction((client) => withKeys({ database, client }, names, () => work(client)));
}

/** The same inside a transaction that has locked no dispatch yet. */
export async function withKeys<Result>(
  { database, client }: { readonly database: Database; readonly client: ClientBase },
  names: readonly KeyName[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (names.length === 0) return work();
  const values = batchValues(orderingKeyColumns, names);
  await database.query(lock, values, client);
  const result = await work();
  for (const statement of statements) await database.query(statement, values, client);
  return result;
}
