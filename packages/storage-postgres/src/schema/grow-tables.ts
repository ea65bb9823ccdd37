/** Filler of a row that then takes a third of a page. */
const filler = "repeat('-', 1500)";

/** The keys of a dispatch, all different. */
const key = 'tenant, root, target, replay, path';
const keyValues = "'', gen_random_uuid(), '', 0, ''";

const dispatchFields =
  'handler, lane, work_class, operation, mark, on_unknown, status, created_at, due_at, fence, round, attempts, crashes, last_attempt, ' +
  'last_write';
const dispatchValues = "'', '', '', '', '', '', '', now(), now(), 0, 0, 0, 0, 0, ''";

/** Rows by table. The hot tables are given more, as statements look up a whole batch in them at once. */
const rows: readonly { readonly table: string; readonly count: number; readonly columns: string; readonly values: string }[] = [
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

/**
 * Statements that give each table its first pages, and leave it empty. A table of no pages looks free to scan: a statement that is
 * planned while it is empty, as a queue is after every lull, would go on scanning it whole when it has filled up. Together with
 * `vacuum_truncate = off`, which keeps the pages, every plan goes by an index from the first day on.
 */
export const growTables = (schema: string): readonly string[] =>
  rows.flatMap(({ table, count, columns, values }) => [
    `insert into ${schema}.${table} (${columns}) select ${values} from generate_series(1, ${count}) number`,
    `delete from ${schema}.${table}`,
  ]);
