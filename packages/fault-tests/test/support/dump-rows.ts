import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type pg from 'pg';

/** Every row of a file, and the bytes of the file itself with what is still in its log. */
export function dumpFile(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from "${String(name)}"`).all());
  database.close();
  const bytes = [file, `${file}-wal`].map((path) => readFileSync(path, { flag: 'a+' }).toString('latin1'));
  const text = JSON.stringify(rows, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  return [text, ...bytes].join('\n');
}

/** Every row of every table of a schema, as the server writes it: bytes in hexadecimal digits. */
export async function dumpSchema(pool: pg.Pool, schema: string): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind in ('r', 'p')",
    [schema],
  );
  const texts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ line: string }>(`select row_to_json(t)::text as line from ${schema}."${name}" t`);
    texts.push(...rows.map(({ line }) => line));
  }
  return texts.join('\n');
}
