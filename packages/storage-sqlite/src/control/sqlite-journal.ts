import {
  checkJournalPrune,
  checkJournalQuery,
  type JournalEntry,
  type JournalRow,
  type JournalStore,
  journalRows,
} from '@patchbay/core/adapter';
import type { DatabaseThread } from '../thread/database-thread.ts';

/** The entry of a row: its value crosses the border of the thread as text. */
export const entryOf = (row: JournalRow): JournalEntry => ({ ...row, value: JSON.parse(row.value) });

/** A log by tenant and stream, in its table. */
export function sqliteJournal({ call }: Pick<DatabaseThread, 'call'>): JournalStore {
  return {
    async append(entries) {
      const rows = journalRows(entries);
      if (rows.length > 0) await call('appendJournal', rows);
    },
    async page(tenant, query) {
      checkJournalQuery(tenant, query);
      const rows = await call('journal', { tenant, ...query });
      const shown = rows.slice(0, query.limit);
      return { entries: shown.map(entryOf), cursor: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : null };
    },
    async prune(request) {
      checkJournalPrune(request);
      return call('pruneJournal', request);
    },
  };
}
