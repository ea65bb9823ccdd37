import { newId } from '@patchbay/storage-records';
import type { Pool } from 'pg';

const samples: Readonly<Record<string, string>> = {
  text: "'x'",
  uuid: `'${newId()}'`,
  integer: '1',
  smallint: '1',
  bigint: '1',
  'double precision': '1',
  boolean: 'false',
  json: `'{"connection": "x"}'`,
  bytea: `'\\x00'`,
  date: 'current_date',
  'timestamp with time zone': 'now()',
};

/**
 * Statement that puts some row of a tenant into any table; `$1` is the tenant. What must have a value has one by its type, so that a table
 * that is new needs no line here.
 */
export async function anyRow(
  pool: Pool,
  place: { readonly schema: string; readonly table: string; readonly tenant: string },
): Promise<string> {
  const { rows } = await pool.query<{ name: string; type: string; needed: boolean }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull and not a.atthasdef and a.attidentity = '' as needed
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`${place.schema}.${place.table}`],
  );
  const columns = rows.filter(({ name, needed }) => needed || name === place.tenant);
  const values = columns.map(({ name, type }) => (name === place.tenant ? '$1' : samples[type]));
  if (values.includes(undefined)) throw new Error(`There is no sample for a column of ${place.table}: ${JSON.stringify(columns)}`);
  return `insert into ${place.schema}.${place.table} (${columns.map(({ name }) => name).join(', ')}) values (${values.join(', ')})`;
}
