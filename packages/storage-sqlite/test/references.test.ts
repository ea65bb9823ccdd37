import { DatabaseSync } from 'node:sqlite';
import type { Change, Storage } from '@patchbay/core/adapter';
import { connectionChange, credentialOf, newItem, registrationOf } from '@patchbay/storage-records';
import { fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

/** Rows of tables, and what the shell of somebody else is told. */
function inShell<Result>(act: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(folder.file);
  try {
    return act(database);
  } finally {
    database.close();
  }
}

const rows = (table: string): number =>
  inShell((database) => Number(database.prepare(`select count(*) as count from ${table}`).get()?.['count']));

describe.each([
  ['a credential', credentialOf, 'credential'],
  ['a registration', registrationOf, 'registration'],
] as const)('%s', (_, changeOf, kind) => {
  it("cannot name another tenant's connection: the whole change is refused, and no other call of that commit", async () => {
    await storage.configuration.write('acme', [connectionChange]);
    const subscriber: Change = { put: 'subscriber', id: 's', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } };
    const item = newItem([], { tenant: 'initech' });
    const event = item.event && { ...item.event, tenant: 'initech' };
    const answers = await Promise.allSettled([
      storage.configuration.write('globex', [subscriber, changeOf('c-1')]),
      storage.ingest([{ ...item, event }]),
    ]);
    expect(answers).toMatchObject([
      { status: 'rejected', reason: { code: 'invalid_argument', message: expect.stringContaining('connection') } },
      { status: 'fulfilled', value: [{ status: 'created' }] },
    ]);
    expect([rows('subscribers'), rows(`${kind}s`), rows('events')]).toEqual([0, 0, 1]);
    expect((await storage.configuration.revision('globex')).tenant).toBe(0);
  });

  it('cannot name a connection that is not there', async () => {
    await expect(storage.configuration.write('acme', [changeOf('c-2')])).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('may come before its connection in one change, and goes with it', async () => {
    const both = [changeOf('c-1'), connectionChange];
    expect(await storage.configuration.write('acme', both)).toEqual({ status: 'written', revision: 1 });
    expect(await storage.configuration.write('acme', both)).toEqual({ status: 'written', revision: 1 });
    const [written] = (await storage.configuration.list('acme', kind, { cursor: null, limit: 1 })).rows;
    const gone: Change[] = [
      { delete: 'connection', id: 'c-1', expect: 1 },
      { delete: kind, id: written?.id ?? '', expect: 1 },
    ];
    expect(await storage.configuration.write('acme', gone)).toMatchObject({ status: 'written' });
    expect([rows('connections'), rows(`${kind}s`)]).toEqual([0, 0]);
  });

  it("cannot be made to name another tenant's connection by hand either", async () => {
    await storage.configuration.write('acme', [connectionChange, changeOf('c-1')]);
    const steal = (): void => inShell((database) => database.exec(`update ${kind}s set tenant = 'globex'`));
    expect(steal).toThrow('FOREIGN KEY constraint failed');
  });
});
