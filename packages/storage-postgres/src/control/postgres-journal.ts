import {
  checkJournalPrune,
  checkJournalQuery,
  type JournalEntry,
  type JournalRow,
  type JournalStore,
  journalRows,
} from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { everyone, tenants, tenantsOf } from '../database/scope.ts';
import { number, type Row, text } from '../row.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';

const columns: readonly Column<JournalRow>[] = [
  ['tenant', 'text', ({ tenant }) => tenant],
  ['stream', 'text', ({ stream }) => stream],
  ['id', 'uuid', ({ id }) => id],
  ['subject', 'text', ({ subject }) => subject],
  ['verdict', 'text', ({ verdict }) => verdict],
  ['at', 'float8', ({ at }) => at],
  ['value', 'text', ({ value }) => value],
];

const batch = batchTable(columns, { first: 1, alias: 'b', ordinal: 'position' });

// Rows are written in the order of their keys, so that two processes that repeat each other's entries do not wait for each other in a circle.
const append: Statement = {
  name: 'append_journal',
  text: (schema) => `
insert into ${schema}.journal_entries (tenant, stream, id, subject, verdict, at, value)
select b.tenant collate "C", b.stream collate "C", b.id, b.subject, b.verdict, ${schema}.moment(b.at), b.value::json from ${batch} order by 1, 2, 3
on conflict (tenant, stream, id) do nothing`,
};

const page = (name: string, subject: string): Statement => ({
  name,
  text: (schema) => `
select j.id, j.tenant, j.stream, j.subject, j.verdict, ${schema}.millis(j.at) as at, j.value from ${schema}.journal_entries j
where j.tenant = $1 and j.stream = $2 and ${subject} and ($4::text is null or j.verdict = $4)
  and ($5::float8 is null or j.at >= ${schema}.moment($5)) and ($6::float8 is null or j.at < ${schema}.moment($6))
  and j.id < $7::uuid
order by j.id desc limit $8::int`,
});

const pageOfStream = page('journal', '$3::text is null');
const pageOfSubject = page('journal_of_subject', 'j.subject = $3');

/** Behind every id: a first page begins here, so that each page is read by one statement and from its place on. */
const behindAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const prune = (name: string, condition: string): Statement => ({
  name,
  text: (schema) => `
with gone as (
  delete from ${schema}.journal_entries where ctid = any (array(
    select j.ctid from ${schema}.journal_entries j where ${condition} and j.stream = $1 and j.at < ${schema}.moment($2::float8)
    order by j.at limit $3::int for update skip locked))
  returning 1)
select count(*) as gone from gone`,
});

const pruneAll = prune('prune_journal', 'true');
const pruneTenant = prune('prune_journal_of_tenant', 'j.tenant = $4');

const entryOf = (row: Row): JournalEntry => ({
  id: text(row, 'id'),
  tenant: text(row, 'tenant'),
  stream: text(row, 'stream'),
  subject: text(row, 'subject'),
  verdict: text(row, 'verdict'),
  at: number(row, 'at'),
  value: JSON.parse(text(row, 'value')),
});

/** No entry is from before 1970, and the server's calendar ends not far before it. */
const since1970 = (time: number | undefined): number | null => (time === undefined ? null : Math.max(0, time));

/** A log by tenant and stream, in its table. */
export function postgresJournal(database: OpenDatabase): JournalStore {
  return {
    async append(entries) {
      const rows = journalRows(entries);
      if (rows.length > 0) await database.within(tenantsOf(rows)).query(append, batchValues(columns, rows));
    },
    async page(tenant, query) {
      checkJournalQuery(tenant, query);
      const { stream, subject = null, verdict = null, from, below, cursor, limit } = query;
      const values = [tenant, stream, subject, verdict, since1970(from), since1970(below), cursor ?? behindAll, limit + 1];
      const rows = await database.within(tenants(tenant)).query(subject === null ? pageOfStream : pageOfSubject, values);
      const entries = rows.slice(0, limit).map(entryOf);
      return { entries, cursor: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
    },
    async prune(request) {
      checkJournalPrune(request);
      const { stream, before, limit, tenant } = request;
      const values = [stream, since1970(before), limit];
      const [row] =
        tenant === undefined
          ? await database.within(everyone).query(pruneAll, values)
          : await database.within(tenants(tenant)).query(pruneTenant, [...values, tenant]);
      return row === undefined ? 0 : number(row, 'gone');
    },
  };
}
