import { join } from 'node:path';
import type { Storage } from '@patchbay/core/adapter';
import { claimAll, journalEntry, keptReceipt, newDispatch, newId, newItem, succeeded } from '@patchbay/storage-records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyStorage } from '../src/copy-storage.ts';
import { sqliteStorage } from '../src/sqlite-storage.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

let folder: TemporaryFolder;
let from: Storage;
let to: Storage;

beforeEach(async () => {
  folder = temporaryFolder();
  from = sqliteStorage({ file: folder.file });
  to = sqliteStorage({ file: join(folder.path, 'other.db') });
  await Promise.all([from.ready(), to.ready()]);
});
afterEach(async () => {
  await Promise.all([from.close(), to.close()]);
  folder.remove();
});

const subscriber = { put: 'subscriber', id: 's-1', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } } as const;
const connection = {
  put: 'connection',
  id: 'c-1',
  name: 'main',
  expect: 'absent',
  value: {
    connector: 'github',
    name: 'main',
    status: 'active',
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings: {},
    metadata: {},
    secretVersion: 3,
    connectedAt: 1_790_000_000_000,
  },
} as const;
const credential = {
  put: 'credential',
  id: 'c-1',
  name: 'main',
  expect: 'absent',
  value: { connection: 'c-1', kind: 'bearer', sealed: 'c2VhbGVk', secretVersion: 3 },
} as const;

/** A file with something of everything, where all work has ended. */
async function furnish() {
  await from.configuration.write('', [subscriber]);
  await from.configuration.write('acme', [connection, credential]);
  await from.gates.close([{ tenant: 'globex', lane: 'connection:1', reason: 'paused', forMs: null }]);
  const revision = { hub: 1, tenant: 1 };
  const root = newId();
  const considered = [{ automation: 'a-1', version: 2, matched: true }];
  const item = newItem([], { root, plan: { revision, considered, runs: [], dispatches: [newDispatch(root)] } });
  const again = {
    ...item,
    dedupe: { key: 'replay:1', hash: null },
    event: null,
    plan: { revision, considered: [], runs: [], dispatches: [] },
  };
  const call = newItem([], { event: null, dedupe: null, plan: again.plan });
  const many = Array.from({ length: 120 }, () => newItem([], { plan: again.plan, dedupe: { key: `order:${newId()}`, hash: 'h' } }));
  await from.receipts.keep(keptReceipt({ tenant: 'globex' }));
  await from.ingest([item, again, call, ...many]);
  await from.journal.append([...Array.from({ length: 101 }, () => journalEntry()), journalEntry({ stream: 'check' })]);
  await from.states.write([{ tenant: 'acme', name: 'seen', expect: 'any', value: { at: 1 } }]);
  await from.settle((await from.claim(claimAll())).map((dispatch) => succeeded(dispatch)));
  return { item, call, many };
}

describe('copying a file into another storage', () => {
  it('brings what is configured, closed lanes, events and the keys that make a delivery come in once', async () => {
    const { item, call, many } = await furnish();
    const counts = { rows: 3, gates: 1, receipts: 1, entries: 102, events: 121, keys: 123, taken: 0 };
    expect(await copyStorage({ file: folder.file, to })).toEqual(counts);
    for (const [stream, length] of Object.entries({ request: 101, check: 1 })) {
      const page = await to.journal.page('acme', { stream, cursor: null, limit: 500 });
      expect(page).toEqual(await from.journal.page('acme', { stream, cursor: null, limit: 500 }));
      expect(page.entries).toHaveLength(length);
    }
    expect(await to.configuration.get('', 'subscriber', 's-1')).toMatchObject({ value: subscriber.value });
    expect(await to.configuration.get('acme', 'credential', 'c-1')).toMatchObject({ name: 'main', value: credential.value });
    expect(await to.states.read('acme', 'seen')).toMatchObject({ value: { at: 1 } });
    expect(await to.gates.list('globex')).toEqual(await from.gates.list('globex'));
    const [kept] = (await from.receipts.page('globex', {}, { cursor: null, limit: 10 })).items;
    const receipt = await from.receipts.get('globex', kept?.id ?? '');
    expect(await to.receipts.get('globex', kept?.id ?? '')).toEqual({ ...receipt, keptUntil: expect.any(Number) });
    expect(receipt?.body.bytes).toHaveLength(5);
    const { storedAt: _, ...event } = (await from.history.event('acme', item.root)) ?? { storedAt: 0 };
    expect(await to.history.event('acme', item.root)).toMatchObject(event);
    const revision = await to.configuration.revision('acme');
    const plan = { revision, considered: [], runs: [], dispatches: [] };
    const repeated = many.map(({ dedupe }) => newItem([], { dedupe, plan }));
    expect(new Set((await to.ingest(repeated)).map(({ status }) => status))).toEqual(new Set(['duplicate']));
    expect(await to.ingest([newItem([], { dedupe: { key: 'replay:1', hash: null }, plan })])).toEqual([
      { status: 'duplicate', root: item.root },
    ]);
    expect(await to.ingest([{ ...call, plan }])).toMatchObject([{ status: 'created' }]);
    expect(await to.nextDue({ handlers: claimAll().handlers })).toBeNull();
  });

  it('can be repeated, and then copies nothing twice', async () => {
    await furnish();
    await copyStorage({ file: folder.file, to });
    const before = await to.configuration.revision('acme');
    expect(await copyStorage({ file: folder.file, to })).toMatchObject({ rows: 3, events: 0, taken: 0 });
    expect(await to.configuration.revision('acme')).toEqual(before);
    expect((await to.history.events('acme', {}, { cursor: null, limit: 500 })).items).toHaveLength(121);
    expect((await to.journal.page('acme', { stream: 'request', cursor: null, limit: 500 })).entries).toHaveLength(101);
  });

  it('is refused while work has not ended, unless that is to be left behind', async () => {
    const root = newId();
    await from.ingest([newItem([newDispatch(root)]), newItem([], { plan: null })]);
    const open = { code: 'conflict', details: { dispatches: 1, runs: 0, marks: 1 } };
    await expect(copyStorage({ file: folder.file, to })).rejects.toMatchObject(open);
    expect(await to.history.event('acme', root)).toBeNull();
    expect(await copyStorage({ file: folder.file, to, leaveOpenWork: true })).toMatchObject({ events: 2 });
    expect(await to.history.dispatch(newDispatch(root).key)).toBeNull();
    expect(await to.claimMarks({ holder: 'router', limit: 10, ttlMs: 1_000 })).toEqual([]);
  });

  it('is refused where the other storage has another thing of the same name', async () => {
    await furnish();
    await to.configuration.write('acme', [connection, { ...credential, value: { ...credential.value, sealed: 'b3RoZXI=' } }]);
    const taken = { code: 'conflict', details: { tenant: 'acme', kind: 'credential', id: 'c-1' } };
    await expect(copyStorage({ file: folder.file, to })).rejects.toMatchObject(taken);
  });

  it('says that there is no file', async () => {
    await expect(copyStorage({ file: join(folder.path, 'none.db'), to })).rejects.toMatchObject({ code: 'not_found' });
  });
});
