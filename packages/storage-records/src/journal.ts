import type { JournalEntry } from '@patchbay/core/adapter';
import { newId } from './records.ts';

/** An entry of the journal that no other is. */
export const journalEntry = (overrides: Partial<JournalEntry> = {}): JournalEntry => ({
  id: newId(),
  tenant: 'acme',
  stream: 'request',
  subject: 'connection-1',
  verdict: 'ok',
  at: 1_790_000_000_000,
  value: { status: 200 },
  ...overrides,
});
