import type { JournalPrune, JournalQuery, JournalRow } from '@patchbay/core/adapter';
import { insertInto } from '../sql/insert.ts';
import { number, type Row, text, type Value } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const names = ['tenant', 'stream', 'id', 'subject', 'verdict', 'at', 'value'] as const;
const append = insertInto('journal_entries', names, 'on conflict (tenant, stream, id) do nothing');
const columns = `select ${names.join(', ')} from journal_entries`;

const journalRow = (row: Row): JournalRow => ({
  id: text(row, 'id'),
  tenant: text(row, 'tenant'),
  stream: text(row, 'stream'),
  subject: text(row, 'subject'),
  verdict: text(row, 'verdict'),
  at: number(row, 'at'),
  value: text(row, 'value'),
});

/** Keeps entries that are not there yet. */
export function appendJournal(session: Session, rows: readonly JournalRow[]): void {
  for (const row of rows) session.run(append, ...names.map((name) => row[name]));
}

/** Which page of the journal. */
export interface JournalRequest extends JournalQuery {
  readonly tenant: string;
}

/** Behind every id: a first page begins here. */
const behindAll = 'g';

/** Rows of a page, and one more where another page follows. The texts that this makes are few: one for each set of fields that is asked for. */
export function readJournal(
  session: Session,
  { tenant, stream, subject, verdict, from, below, cursor, limit }: JournalRequest,
): readonly JournalRow[] {
  const asked: readonly (readonly [string, Value | undefined])[] = [
    ['tenant = ?', tenant],
    ['stream = ?', stream],
    ['subject = ?', subject],
    ['verdict = ?', verdict],
    // The plus keeps them from an index by time, behind which the whole window would be sorted.
    ['+at >= ?', from],
    ['+at < ?', below],
    ['id < ?', cursor ?? behindAll],
  ];
  const wanted = asked.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  const conditions = wanted.map(({ sql }) => sql).join(' and ');
  return session
    .all(`${columns} where ${conditions} order by id desc limit ?`, ...wanted.map(({ value }) => value), limit + 1)
    .map(journalRow);
}

/** Which entries of a tenant, in the order of streams and ids. */
export interface JournalOfRequest {
  readonly tenant: string;
  /** The last row before; `null` for the first ones. */
  readonly after: Pick<JournalRow, 'stream' | 'id'> | null;
  readonly limit: number;
}

const ofTenant = `${columns} where tenant = ? and (stream, id) > (?, ?) order by stream, id limit ?`;

/** Entries of all streams of a tenant, for a copy. */
export const readJournalOf = (session: Session, { tenant, after, limit }: JournalOfRequest): readonly JournalRow[] =>
  session.all(ofTenant, tenant, after?.stream ?? '', after?.id ?? '', limit).map(journalRow);

const prune = (condition: string): string =>
  `delete from journal_entries where rowid in (select rowid from journal_entries where ${condition} and stream = ? and at < ? order by at limit ?)`;
const pruneAll = prune('true');
const pruneTenant = prune('tenant = ?');

/** Takes away a batch of what is older; answers how many those were. */
export const pruneJournal = (session: Session, { stream, before, limit, tenant }: JournalPrune): number =>
  tenant === undefined ? session.run(pruneAll, stream, before, limit) : session.run(pruneTenant, tenant, stream, before, limit);
