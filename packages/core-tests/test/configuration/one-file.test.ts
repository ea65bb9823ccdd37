import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, localKeys } from '@patchbay/core';
import { copyStorage, sqliteStorage } from '@patchbay/storage-sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LampCall, lampConnector } from './lamp-connector.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-configuration-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } });

/** A host as one process has it: a storage and a cache of its own over the file that all have. */
function openHost(file = join(folder, 'patchbay.db')) {
  const calls: LampCall[] = [];
  const storage = sqliteStorage({ file });
  const hub = createHub({
    connectors: [lampConnector((call) => calls.push(call))],
    storage,
    keys,
    publicUrl: 'https://app.example.com/hub',
  });
  return {
    ...{ hub, storage, calls, acme: hub.tenant('acme', { actor: { kind: 'user', id: 'ada' } }) },
    async close() {
      await hub.stop();
      await storage.close();
    },
    async light() {
      const call = await hub.tenant('acme').actions.execute('lamp.light', { connection: 'main', input: {} });
      await hub.work();
      return (await call.outcome({ waitMs: 0 })).output;
    },
  };
}

it('a change in one process holds for the next call in another on the same file, and neither is restarted', async () => {
  const [office, worker] = [openHost(), openHost()];
  await office.acme.connections.put('main', { connector: 'lamp', credential: { type: 'none' } });
  expect(await worker.light()).toEqual({ room: 'hall' });
  for (const room of ['kitchen', 'attic', 'cellar']) {
    await office.acme.configuration.put('lamp', { room });
    expect(await worker.light()).toEqual({ room });
  }
  await office.acme.flags.set('lamp', { dimming: true });
  await worker.light();
  expect(worker.calls.at(-1)?.flags).toEqual({ dimming: true, night_mode: true });
  const racers = [office, worker].flatMap(({ acme }) =>
    Array.from({ length: 5 }, (_, index) => acme.configuration.put('lamp', { brightness: index })),
  );
  await Promise.all(racers);
  const { items } = await worker.acme.configuration.history('lamp');
  for (const [index, { revision, before }] of items.entries()) {
    expect(revision).toBe(items.length - index);
    expect(before).toEqual(items[index + 1]?.after ?? null);
  }
  await Promise.all([office.close(), worker.close()]);
});

it('what is set goes along when the file is copied into another storage, and is changed there', async () => {
  const office = openHost();
  await office.acme.connections.put('main', { connector: 'lamp', credential: { type: 'none' } });
  for (const room of ['kitchen', 'attic']) await office.acme.configuration.put('lamp', { room });
  const { items: before } = await office.acme.configuration.history('lamp');
  await office.close();
  const target = openHost(join(folder, 'copy.db'));
  await target.hub.ready();
  await copyStorage({ file: join(folder, 'patchbay.db'), to: target.storage });
  expect(await target.acme.configuration.get('lamp')).toMatchObject({ revision: 2, values: { room: 'attic' } });
  await target.acme.configuration.put('lamp', { room: 'cellar' });
  const { items } = await target.acme.configuration.history('lamp');
  expect(items.map(({ revision }) => revision)).toEqual([3, 2, 1]);
  expect(items.slice(1)).toEqual(before);
  await target.close();
});
