import { DatabaseSync } from 'node:sqlite';

/** Rows of each table that belongs to trees, as another process sees them. */
export function countedRows(file: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(file, { readOnly: true });
  const count = (table: string): number => Number(database.prepare(`select count(*) as count from ${table}`).get()?.['count']);
  const tables = ['events', 'event_marks', 'runs', 'dispatches', 'attempts', 'event_dedupe'];
  const counts = Object.fromEntries(tables.map((table) => [table, count(table)]));
  database.close();
  return counts;
}
