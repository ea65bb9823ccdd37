import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import type { IngestItem, Storage } from '@patchbay/core/adapter';
import { newItem } from '@patchbay/storage-records';
import { fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallState, carryOutWrites } from '../src/thread/carry-out.ts';
import { openFile } from '../src/thread/open-file.ts';
import type { Answer } from '../src/thread/protocol.ts';
import { storageHere } from './support/in-one-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

let folder: TemporaryFolder;
let storage: Storage;

beforeEach(async () => {
  folder = temporaryFolder();
  storage = storageHere({ file: folder.file, clock: fakeClock() });
  await storage.ready();
});
afterEach(async () => {
  await storage.close();
  folder.remove();
});

/** An event with a body of so many bytes. */
function itemOf(bytes: number): IngestItem {
  const item = newItem();
  return { ...item, event: item.event && { ...item.event, data: { codec: 'plain', bytes: new Uint8Array(bytes) } } };
}

describe('a disk that is full', () => {
  let state: CallState;
  beforeEach(() => {
    state = { ...openFile(folder.file), migrated: false, told: false };
  });
  afterEach(() => state.database.close());

  /** Takes items in, each by a call of its own, in one transaction. */
  function store(items: readonly IngestItem[]): readonly Answer[] {
    const calls = items.map((item, id) => ({ id, name: 'ingest' as const, input: [item], now: 1_790_000_000_000 }));
    const answers = carryOutWrites(state, calls);
    return answers === 'busy' ? [] : answers;
  }

  const limitPages = (more: number): void => {
    const { page_count: count } = state.database.prepare('pragma page_count').get() ?? {};
    state.database.exec(`pragma max_page_count = ${Number(count) + more}`);
  };

  it.each([
    ['in the middle of a batch', [100, 100, 900_000, 100]],
    ['little by little', Array.from({ length: 200 }, () => 2_000)],
  ])('%s loses nothing that was acknowledged, says what is wrong, and lets what was refused be repeated', async (_, sizes) => {
    limitPages(30);
    const items = sizes.map(itemOf);
    const answers = [...store(items.slice(0, 2)), ...store(items.slice(2))];
    expect(answers).toHaveLength(items.length);
    const refused = answers.filter((answer) => 'refusal' in answer);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(items.length);
    for (const { refusal } of refused) {
      expect(refusal).toMatchObject({ code: 'storage_unavailable', retryable: true, message: expect.stringContaining('Make room') });
    }
    for (const [index, item] of items.entries()) {
      const answer = answers[index];
      const acknowledged = answer !== undefined && 'output' in answer;
      expect((await storage.history.event('acme', item.root)) !== null).toBe(acknowledged);
    }
    limitPages(10_000);
    for (const answer of store(items)) expect(answer).toMatchObject({ output: [{ status: 'created' }] });
    for (const { root } of items) expect(await storage.history.event('acme', root)).not.toBeNull();
  });
});

describe('a file that is damaged', () => {
  it('is refused with what to do, and nothing is read out of it', async () => {
    await storage.ingest(Array.from({ length: 200 }, () => itemOf(1_000)));
    await storage.close();
    const { size } = statSync(folder.file);
    const file = openSync(folder.file, 'r+');
    // The header stays, so that it is a database still.
    for (let at = 4_096; at < size; at += 4_096) writeSync(file, randomBytes(4_096), 0, 4_096, at);
    closeSync(file);
    storage = storageHere({ file: folder.file, clock: fakeClock() });
    const page = { cursor: null, limit: 10 };
    const damaged = { code: 'not_ready', retryable: false, message: expect.stringContaining('damaged') };
    await expect(storage.history.events('acme', {}, page)).rejects.toMatchObject(damaged);
    await expect(storage.ingest([newItem()])).rejects.toMatchObject(damaged);
  });
});

describe('a file that cannot be written', () => {
  it('is refused with what to do, and is read still', async () => {
    const item = newItem();
    await storage.ingest([item]);
    const state: CallState = { ...openFile(folder.file), migrated: false, told: false };
    state.database.exec('pragma query_only = on');
    const call = { id: 1, name: 'ingest' as const, input: [newItem()], now: 1_790_000_000_000 };
    expect(carryOutWrites(state, [call])).toMatchObject([
      { refusal: { code: 'not_ready', message: expect.stringContaining('right to write') } },
    ]);
    state.database.close();
    expect(await storage.history.event('acme', item.root)).not.toBeNull();
  });
});
