import type { JournalEntry } from '@patchbay/core/adapter';
import { expect, it } from 'vitest';
import { memoryStorage } from './memory-storage.ts';

const entry = (number: number, overrides: Partial<JournalEntry> = {}): JournalEntry => ({
  id: `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  tenant: 'acme',
  stream: 'request',
  subject: 'connection-1',
  verdict: 'ok',
  at: number,
  value: null,
  ...overrides,
});

it('keeps of each stream the entries that came last, over all tenants', async () => {
  const { journal } = memoryStorage({ retainEntries: 3 });
  await journal.append([entry(1, { stream: 'alert' }), entry(1), entry(2, { tenant: 'globex' }), entry(3)]);
  await journal.append([entry(4), entry(4), entry(5)]);
  const numbers = async (tenant: string, stream = 'request') =>
    (await journal.page(tenant, { stream, cursor: null, limit: 10 })).entries.map(({ at }) => at);
  expect([await numbers('acme'), await numbers('globex'), await numbers('acme', 'alert')]).toEqual([[5, 4, 3], [], [1]]);
});
