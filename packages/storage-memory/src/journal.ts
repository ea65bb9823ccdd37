import {
  checkJournalPrune,
  checkJournalQuery,
  type JournalEntry,
  type JournalQuery,
  type JournalRow,
  type JournalStore,
  journalRows,
} from '@patchbay/core/adapter';

/** Entries of one stream by tenant and id, in the order in which they were stored. */
type Stream = Map<string, JournalRow>;

const keyOf = ({ tenant, id }: Pick<JournalRow, 'tenant' | 'id'>): string => `${id}${tenant}`;

const entryOf = (row: JournalRow): JournalEntry => ({ ...row, value: JSON.parse(row.value) });

const fits = ({ subject, verdict, from, below, cursor }: JournalQuery, row: JournalRow): boolean =>
  (subject === undefined || row.subject === subject) &&
  (verdict === undefined || row.verdict === verdict) &&
  (from === undefined || row.at >= from) &&
  (below === undefined || row.at < below) &&
  (cursor === null || row.id < cursor);

/** A log by tenant and stream. Of each stream it keeps as many entries as it is told, over all tenants. */
export function memoryJournal(most: number): JournalStore {
  const streams = new Map<string, Stream>();
  const keep = (row: JournalRow): void => {
    const stream: Stream = streams.get(row.stream) ?? new Map();
    streams.set(row.stream, stream);
    const key = keyOf(row);
    if (!stream.has(key)) stream.set(key, row);
    const [first] = stream.keys();
    if (stream.size > most && first !== undefined) stream.delete(first);
  };
  const rowsOf = (name: string): JournalRow[] => [...(streams.get(name)?.values() ?? [])];

  return {
    async append(entries) {
      for (const row of journalRows(entries)) keep(row);
    },
    async page(tenant, query) {
      checkJournalQuery(tenant, query);
      const found = rowsOf(query.stream).filter((row) => row.tenant === tenant && fits(query, row));
      const shown = found.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, query.limit);
      return { entries: shown.map(entryOf), cursor: found.length > shown.length ? (shown.at(-1)?.id ?? null) : null };
    },
    async prune(request) {
      checkJournalPrune(request);
      const { stream, before, limit, tenant } = request;
      const old = rowsOf(stream).filter((row) => row.at < before && (tenant === undefined || row.tenant === tenant));
      const gone = old.sort((one, other) => one.at - other.at).slice(0, limit);
      for (const row of gone) streams.get(stream)?.delete(keyOf(row));
      return gone.length;
    },
  };
}
