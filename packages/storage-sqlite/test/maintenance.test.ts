import { DatabaseSync } from 'node:sqlite';
import { createHub, localKeys } from '@patchbay/core';
import type { IngestItem, Storage } from '@patchbay/core/adapter';
import { uuidGenerator } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newItem, succeeded } from '@patchbay/storage-records';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteStorage } from '../src/sqlite-storage.ts';
import { countedRows } from './support/counted-rows.ts';
import { storageHere } from './support/in-one-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

const day = 86_400_000;
const nothing = { events: 0, event_marks: 0, runs: 0, dispatches: 0, attempts: 0, event_dedupe: 0 };

let folder: TemporaryFolder;
let clock: FakeClock;
let storage: Storage;
let newId: () => string;

beforeEach(async () => {
  folder = temporaryFolder();
  clock = fakeClock();
  newId = uuidGenerator(clock, (bytes) => crypto.getRandomValues(bytes));
  storage = storageHere({ file: folder.file, clock });
  await storage.ready();
});
afterEach(async () => {
  await storage.close();
  folder.remove();
});

const count = () => countedRows(folder.file);

const maintain = async (): Promise<void> => storage.maintain?.();

/** Events of other tenants, each with a call below it. */
const itemOf = (tenant: string): IngestItem => {
  const root = newId();
  return newItem([newDispatch(root, { key: { tenant, root, target: 'call', replay: 0, path: 'ticket' } })], { tenant, root });
};

/** Brings everything that is claimed now to its end. */
async function finish(): Promise<void> {
  for (;;) {
    const claimed = await storage.claim(claimAll());
    if (claimed.length === 0) return;
    await storage.settle(claimed.map((dispatch) => succeeded(dispatch)));
  }
}

/** An item with a body and a call of so many bytes each. */
function largeItem(size: number): IngestItem {
  const root = newId();
  const item = newItem([newDispatch(root, { input: JSON.stringify('x'.repeat(size)) })], { root });
  return { ...item, event: item.event && { ...item.event, data: { codec: 'plain', bytes: new Uint8Array(size) } } };
}

describe('retention', () => {
  it('deletes row by row whatever belongs to old trees, of every tenant, and nothing of younger ones', async () => {
    await storage.ingest(['acme', 'globex', 'initech', 'Ünïcode'].flatMap((tenant) => [itemOf(tenant), itemOf(tenant)]));
    await finish();
    await clock.advance(60 * day);
    await storage.ingest([itemOf('globex'), itemOf('zulu')]);
    await finish();
    await clock.advance(31 * day);
    await maintain();
    expect(count()).toEqual({ events: 2, event_marks: 0, runs: 0, dispatches: 2, attempts: 2, event_dedupe: 0 });
    await clock.advance(60 * day);
    await maintain();
    expect(count()).toEqual(nothing);
  });

  it('is over however many old trees are open before those that may go', async () => {
    await storage.ingest(Array.from({ length: 250 }, () => itemOf('acme')));
    await clock.advance(1_000);
    const root = newId();
    await storage.ingest([newItem([], { root })]);
    await clock.advance(91 * day);
    await maintain();
    expect(count()).toMatchObject({ events: 250, dispatches: 250 });
    expect(await storage.history.event('acme', root)).toBeNull();
  });

  it('keeps an event that waits to be routed', async () => {
    const root = newId();
    await storage.ingest([newItem([], { root, plan: null })]);
    await clock.advance(91 * day);
    await maintain();
    expect(count()).toMatchObject({ events: 1, event_marks: 1 });
    const [mark] = await storage.claimMarks({ holder: 'router', limit: 1, ttlMs: 1_000 });
    if (mark === undefined) throw new Error('No mark was claimed.');
    const page = { tenant: 'acme', root, fence: mark.fence, revision: { hub: 0, tenant: 0 }, from: 0, to: 0 };
    const routed = { ...page, last: true, considered: [], runs: [], dispatches: [] };
    expect(await storage.recordRouting([routed])).toMatchObject([{ status: 'done' }]);
    await maintain();
    expect(count()).toEqual(nothing);
  });

  it('deletes a call that has no event', async () => {
    const root = newId();
    await storage.ingest([newItem([newDispatch(root)], { root, event: null })]);
    await finish();
    await clock.advance(91 * day);
    await maintain();
    expect(count()).toEqual(nothing);
  });

  it('deletes a large tree in batches, and other calls come in between', async () => {
    const root = newId();
    const dispatches = Array.from({ length: 3_000 }, (_, index) =>
      newDispatch(root, { key: { tenant: 'acme', root, target: 'call', replay: 0, path: `each[${index}]` } }),
    );
    await storage.ingest([newItem(dispatches, { root })]);
    await finish();
    await clock.advance(91 * day);
    const order: string[] = [];
    const young = itemOf('globex');
    const maintained = maintain().then(() => order.push('maintained'));
    await storage.ingest([young]).then(() => order.push('stored'));
    const during = count();
    order.push('counted');
    await maintained;
    expect(order).toEqual(['stored', 'counted', 'maintained']);
    // What is left of the tree still hangs together: the event goes last.
    expect(during['dispatches']).toBeGreaterThan(1_000);
    expect(during['events']).toBe(2);
    expect(count()).toMatchObject({ events: 1, dispatches: 1, attempts: 0 });
  });

  it('bounds the bytes of a batch', async () => {
    await storage.ingest(Array.from({ length: 20 }, () => largeItem(500_000)));
    await finish();
    await clock.advance(91 * day);
    const maintained = maintain();
    await storage.ingest([itemOf('globex')]);
    expect(count()['events']).toBeGreaterThan(8);
    await maintained;
    expect(count()['events']).toBe(1);
  });

  it('gives pages back to the file system, but not all of them', async () => {
    const pages = () => {
      const database = new DatabaseSync(folder.file, { readOnly: true });
      const read = (name: string) => Number(database.prepare(`pragma ${name}`).get()?.[name]);
      const found = { all: read('page_count'), free: read('freelist_count') };
      database.close();
      return found;
    };
    await storage.ingest(Array.from({ length: 40 }, () => largeItem(200_000)));
    await finish();
    const full = pages();
    await clock.advance(91 * day);
    await maintain();
    const { all, free } = pages();
    expect(all).toBeLessThan(full.all / 4);
    expect(free).toBeLessThanOrEqual(all / 4);
  });

  it('answers a replay of what is gone with not_found, and comes by itself with the work of a hub', async () => {
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const keys = localKeys({ active: 'k', keys: { k: key } });
    const hub = createHub({ connectors: [], storage, clock, keys, publicUrl: 'https://app.example.com' });
    const root = newId();
    await storage.ingest([newItem([], { root })]);
    const { events } = hub.tenant('acme');
    expect(await events.get(root)).toMatchObject({ event: { id: root } });
    await clock.advance(91 * day);
    await hub.work();
    for (const call of [() => events.get(root), () => events.explain(root), () => events.replay(root)]) {
      await expect(call()).rejects.toMatchObject({ code: 'not_found' });
    }
    await hub.stop();
  });

  it.each([{ historyDays: 0 }, { historyDays: 1.5 }, { dedupeDays: 29 }, { historyDays: Number.NaN }])('of %j is refused', (retention) => {
    expect(() => sqliteStorage({ file: folder.file, retention })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  it('is as long as it is set', async () => {
    await storage.close();
    storage = sqliteStorage({ file: folder.file, clock, retention: { historyDays: 2, dedupeDays: 40 } });
    await storage.ready();
    await storage.ingest([newItem([], { root: newId() })]);
    await clock.advance(3 * day);
    await maintain();
    expect(count()).toMatchObject({ events: 0, event_dedupe: 1 });
    await clock.advance(36 * day);
    await maintain();
    expect(count()).toMatchObject({ event_dedupe: 1 });
    await clock.advance(2 * day);
    await maintain();
    expect(count()).toEqual(nothing);
  });
});
