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

describe('fair claims', () => {
  it('come round to each of more tenants than one statement visits', async () => {
    await store(numbered(100, (number) => ({ tenant: `t${number}`, lane: 'connection:1' })));
    const served: string[] = [];
    for (let turn = 0; turn < 10; turn += 1) served.push(...(await storage.claim(claimAll({ limit: 10 }))).map(({ key }) => key.tenant));
    expect(new Set(served).size).toBe(100);
  });

  it('find the one open lane behind more closed ones than one statement visits', async () => {
    await store([...numbered(150, (number) => ({ tenant: 'acme', lane: `closed:${number}` })), { tenant: 'acme', lane: 'zz:open' }]);
    const closed = numbered(150, (number) => ({ tenant: 'acme', lane: `closed:${number}` }));
    await storage.gates.close(closed.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
    expect((await storage.claim(claimAll({ limit: 1 }))).map(({ lane }) => lane)).toEqual(['zz:open']);
  });

  it('find the one tenant with an open lane behind more closed ones than one statement visits', async () => {
    const closed = numbered(80, (number) => ({ tenant: `t${number}`, lane: 'connection:1' }));
    await store([...closed, { tenant: 'zz', lane: 'connection:1' }]);
    await storage.gates.close(closed.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
    expect((await storage.claim(claimAll({ limit: 1 }))).map(({ key }) => key.tenant)).toEqual(['zz']);
  });

  it('give a tenant what others leave, in one call', async () => {
    await store([
      ...numbered(60, () => ({ tenant: 'large', lane: 'connection:1' })),
      ...numbered(3, (number) => ({ tenant: `t${number}`, lane: 'a' })),
    ]);
    const claimed = await storage.claim(claimAll({ limit: 40 }));
    expect(claimed).toHaveLength(40);
    expect(claimed.filter(({ key }) => key.tenant !== 'large')).toHaveLength(3);
  });
});

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
