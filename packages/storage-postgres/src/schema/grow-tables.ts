/** Filler of a row that then takes a third of a page. */
const filler = "repeat('-', 1500)";

/** The keys of a dispatch, all different. */
const key = 'tenant, root, target, replay, path';
const keyValues = "'', gen_random_uuid(), '', 0, ''";

const dispatchFields =
  'handler, lane, work_class, operation, mark, on_unknown, status, created_at, due_at, fence, round, attempts, crashes, last_attempt, ' +
  'last_write';
const dispatchValues = "'', '', '', '', '', '', '', now(), now(), 0, 0, 0, 0, 0, ''";

/** How a table is filled. */
interface Filler {
  readonly table: string;
  readonly count: number;
  readonly columns: string;
  readonly values: string;
}

/** Rows by table. The hot tables are given more, as statements look up a whole batch in them at once. */
const rows: readonly Filler[] = [
  {
    table: 'dispatches',
    count: 1_200,
    columns: `handle, parked, input, ${key}, ${dispatchFields}`,
    values: `-number, false, ${filler}, ${keyValues}, ${dispatchValues}`,
  },
  {
    table: 'runs',
    count: 1_200,
    columns: 'tenant, root, automation, replay, automation_name, version, status, state, revision, started_at',
    values: `'', gen_random_uuid(), '', 0, '', 0, '', ${filler}, 0, now()`,
  },
  { table: 'event_marks', count: 1_200, columns: 'tenant, root, holder', values: `'', gen_random_uuid(), ${filler}` },
  {
    table: 'events',
    count: 200,
    columns: 'tenant, id, type, source, time, correlation, class, severity, data, stored_at',
    values: `'', gen_random_uuid(), '', ${filler}, now(), '', '', '', '', now()`,
  },
  {
    table: 'event_dedupe',
    count: 200,
    columns: 'tenant, digest, root, hash, stored_at',
    values: `'', int4send(number), gen_random_uuid(), ${filler}, now()`,
  },
  {
    table: 'dispatch_history',
    count: 200,
    columns: `handle, finished_at, input, ${key}, ${dispatchFields}`,
    values: `number, now(), ${filler}, ${keyValues}, ${dispatchValues}`,
  },
  {
    table: 'attempts',
    count: 200,
    columns: `${key}, number, round, outcome, started_at, holder, fence`,
    values: `${keyValues}, number, 0, '', now(), ${filler}, 0`,
  },
  { table: 'gates', count: 600, columns: 'tenant, lane, reason', values: `number::text, ${filler}, ''` },
];

const fill = ({ count, columns, values }: Filler): string => `(${columns}) select ${values} from generate_series(1, ${count}) number`;

/**
 * Statements that give each table its first pages, and leave it empty. A table of no pages looks free to scan: a statement that is
 * planned while it is empty, as a queue is after every lull, would go on scanning it whole when it has filled up. Together with
 * `vacuum_truncate = off`, which keeps the pages, every plan goes by an index from the first day on.
 */
export const growTables = (schema: string): readonly string[] =>
  rows.flatMap((row) => [`insert into ${schema}.${row.table} ${fill(row)}`, `delete from ${schema}.${row.table}`]);

/** What follows the name of a partition of the table in an insert that gives it its first pages; `$1` is an id of its range. */
export function fillerOf(table: string): string {
  const row = rows.find((each) => each.table === (table === 'run_history' ? 'runs' : table));
  if (row === undefined) throw new TypeError(`Nothing is known that fills the table ${table}.`);
  return fill({ ...row, values: row.values.replace("'', gen_random_uuid()", 'number::text, $1'), count: 200 });
}
