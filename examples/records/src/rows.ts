import type { JsonObject } from '@patchbay/core';
import type { HostRecord } from '@patchbay/core/host';
import type { ClientBase, Pool } from 'pg';
import type { recordTypes } from './record-types.ts';

/** A type of records, which is a table of the host's. */
export type RecordType = keyof typeof recordTypes;

/** Its table, and the column of each member of a record. What is not named here goes nowhere. */
const tables: Readonly<Record<RecordType, { readonly name: string; readonly columns: Readonly<Record<string, string>> }>> = {
  invoice: { name: 'invoices', columns: { number: 'number', total: 'total_cents', status: 'status', customer: 'customer_id' } },
  customer: { name: 'customers', columns: { name: 'name', standing: 'standing' } },
  reminder: { name: 'reminders', columns: { text: 'text' } },
};

interface Place {
  readonly tenant: string;
  readonly type: RecordType;
  readonly id: string;
}

const listOf = (type: RecordType): string =>
  ['id', 'version::text', ...Object.entries(tables[type].columns).map(([member, column]) => `${column} as "${member}"`)].join(', ');

function toRecord({ id, version, ...data }: { id: string; version: string } & JsonObject): HostRecord {
  return { id, version, data };
}

/** Reads a row. With `lock`, nobody else changes it until the transaction ends. */
export async function readRow(client: ClientBase | Pool, { tenant, type, id }: Place, lock = false): Promise<HostRecord | null> {
  const text = `select ${listOf(type)} from ${tables[type].name} where tenant = $1 and id = $2 ${lock ? 'for update' : ''}`;
  const { rows } = await client.query(text, [tenant, id]);
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** Adds a row. One that was added with this key before is answered instead. */
export async function addRow(
  client: ClientBase,
  { tenant, type, data, key = null }: Omit<Place, 'id'> & { readonly data: JsonObject; readonly key?: string | null },
): Promise<{ readonly record: HostRecord; readonly isNew: boolean }> {
  const { name, columns } = tables[type];
  const given = Object.entries(columns).filter(([member]) => data[member] !== undefined);
  const keyed = type === 'reminder' ? ['creation_key'] : [];
  const places = ['tenant', ...keyed, ...given.map(([, column]) => column)];
  const values = [tenant, ...keyed.map(() => key), ...given.map(([member]) => data[member])];
  const { rows } = await client.query(
    `insert into ${name} (${places.join(', ')}) values (${places.map((_, index) => `$${index + 1}`).join(', ')})
     ${keyed.length > 0 ? 'on conflict (tenant, creation_key) do nothing' : ''} returning ${listOf(type)}`,
    values,
  );
  if (rows[0] !== undefined) return { record: toRecord(rows[0]), isNew: true };
  const { rows: there } = await client.query(`select ${listOf(type)} from ${name} where tenant = $1 and creation_key = $2`, [tenant, key]);
  return { record: toRecord(there[0]), isNew: false };
}

/** Sets columns of a row that is locked, and counts its version on. */
export async function setRow(client: ClientBase, { tenant, type, id }: Place, data: JsonObject): Promise<HostRecord> {
  const { name, columns } = tables[type];
  const given = Object.entries(columns).filter(([member]) => data[member] !== undefined);
  const sets = ['version = version + 1', ...given.map(([, column], index) => `${column} = $${index + 3}`)];
  const values = [tenant, id, ...given.map(([member]) => data[member])];
  const { rows } = await client.query(
    `update ${name} set ${sets.join(', ')} where tenant = $1 and id = $2 returning ${listOf(type)}`,
    values,
  );
  return toRecord(rows[0]);
}

/** Deletes a row that is locked. */
export async function dropRow(client: ClientBase, { tenant, type, id }: Place): Promise<void> {
  await client.query(`delete from ${tables[type].name} where tenant = $1 and id = $2`, [tenant, id]);
}
