import type { JournalRow, Storage } from '@patchbay/core/adapter';
import { entryOf } from './control/sqlite-journal.ts';
import type { DatabaseThread } from './thread/database-thread.ts';

/** Entries in one call. With the largest values they stay below what a storage takes at once. */
const entriesPerCall = 100;

/** Copies a tenant's journal, oldest first. Answers how many entries those were. */
export async function copyJournal<Transaction>(
  { call }: Pick<DatabaseThread, 'call'>,
  to: Storage<Transaction>,
  tenant: string,
): Promise<number> {
  let copied = 0;
  for (let after: Pick<JournalRow, 'stream' | 'id'> | null = null; ; ) {
    const rows: readonly JournalRow[] = await call('journalOf', { tenant, after, limit: entriesPerCall });
    await to.journal.append(rows.map(entryOf));
    copied += rows.length;
    const last = rows.at(-1);
    if (rows.length < entriesPerCall || last === undefined) return copied;
    after = { stream: last.stream, id: last.id };
  }
}
