import { expect, it } from 'vitest';
import type { JournalEntry } from '../contracts/journal-store.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createCheckLog, readCheck } from './check-log.ts';

const check = {
  healthy: true,
  message: 'ok',
  latencyMs: 12,
  account: { id: 'A1', name: 'One' },
  checkedAt: 1_800_000_000_000,
  by: 'hub',
} as const;

function open() {
  const clock = createManualClock();
  const kept = new Map<string, JournalEntry>();
  const sizes: number[] = [];
  let ids = 0;
  const state = { isAway: false };
  const log = createCheckLog({
    clock,
    logger: silentLogger,
    generateId: () => `id-${++ids}`,
    journal: {
      async append(entries) {
        sizes.push(entries.length);
        for (const entry of entries) kept.set(entry.id, entry);
        // Also where it was written and nobody was told.
        if (state.isAway) throw new Error('The store is away.');
      },
    },
  });
  return { clock, kept, log, sizes, state };
}

it('writes the looks of a second together, 500 at a time, under the connection', async () => {
  const { clock, kept, log, sizes } = open();
  for (let each = 0; each < 1_001; each += 1) log.add({ tenant: 'acme', connection: 'c1' }, { ...check, healthy: each !== 0 });
  expect(sizes).toEqual([]);
  clock.advance(1_000);
  await log.flush();
  expect(sizes).toEqual([500, 500, 1]);
  const [first, second] = kept.values();
  expect(first).toMatchObject({ tenant: 'acme', stream: 'check', subject: 'c1', verdict: 'failed', at: check.checkedAt });
  expect([second?.verdict, readCheck(second?.value ?? null)]).toEqual(['ok', check]);
});

it('offers what could not be written again as it was, and keeps 10,000 of it', async () => {
  const { kept, log, state } = open();
  state.isAway = true;
  for (let each = 0; each < 10_001; each += 1) log.add({ tenant: 'acme', connection: 'c1' }, check);
  await log.flush();
  state.isAway = false;
  await log.flush();
  expect(kept.size).toBe(10_000);
});

it('reads nothing into an entry that is none', () => {
  for (const value of [null, 7, {}, { ...check, healthy: 'yes' }]) expect(readCheck(value)).toBeNull();
  expect(readCheck({ ...check, account: { id: 7 }, by: 'x' })).toEqual({ ...check, account: null, by: 'host' });
});
