import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newId, newItem } from '@patchbay/storage-records';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageHere } from './support/in-one-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

let folder: TemporaryFolder;
let clock: FakeClock;
let storage: Storage;

beforeEach(async () => {
  folder = temporaryFolder();
  clock = fakeClock();
  storage = storageHere({ file: folder.file, clock });
  await storage.ready();
});
afterEach(async () => {
  await storage.close();
  folder.remove();
});

/** Parked dispatches in the file. */
function parked(): number {
  const database = new DatabaseSync(folder.file, { readOnly: true });
  const row = database.prepare('select count(*) as count from dispatches where parked = 1').get();
  database.close();
  return Number(row?.['count']);
}

/** Stores one dispatch for each of the tenants and lanes. */
async function store(places: readonly { readonly tenant: string; readonly lane: string; readonly delayMs?: number }[]): Promise<void> {
  const items = places.map(({ tenant, lane, delayMs = 0 }) => {
    const root = newId();
    const key = { tenant, root, target: 'call', replay: 0, path: 'ticket' };
    return newItem([newDispatch(root, { key, lane, delayMs })], { tenant });
  });
  await storage.ingest(items);
}

const numbered = (count: number, of: (number: string) => { tenant: string; lane: string; delayMs?: number }) =>
  Array.from({ length: count }, (_, index) => of(String(index).padStart(4, '0')));

describe('a dispatch that is due later than a minute', () => {
  it('stands apart from what is ready, and comes in its turn when it is due', async () => {
    await store([{ tenant: 'acme', lane: 'a', delayMs: 120_000 }]);
    await clock.advance(119_000);
    await store([{ tenant: 'acme', lane: 'b' }]);
    expect(parked()).toBe(1);
    await clock.advance(5_000);
    expect((await storage.claim(claimAll({ limit: 2 }))).map(({ lane }) => lane)).toEqual(['b', 'a']);
    expect(parked()).toBe(0);
  });

  it('is not passed over by what became due after it, although that alone would fill the limit', async () => {
    await store([{ tenant: 'acme', lane: 'a', delayMs: 61_000 }]);
    await clock.advance(62_000);
    await store(numbered(5, () => ({ tenant: 'acme', lane: 'b' })));
    expect((await storage.claim(claimAll({ limit: 1 }))).map(({ lane }) => lane)).toEqual(['a']);
  });
});
