import { describe, expect, it } from 'vitest';
import type { Change, ConfigurationStore, Row } from './contracts/configuration-store.ts';
import { tenantKeyStore } from './tenant-key-store.ts';

/** As much of a configuration store as keys need. */
function keyRows() {
  const rows = new Map<string, Row<'tenant_key'>>();
  const store = {
    async list() {
      return { rows: [...rows.values()], cursor: null };
    },
    async find(_tenant: string, _kind: string, name: string) {
      return [...rows.values()].find((row) => row.name === name) ?? null;
    },
    async write(_tenant: string, changes: readonly Change[]) {
      for (const change of changes) {
        if (!('put' in change) || change.put !== 'tenant_key') continue;
        if ([...rows.values()].some(({ name, id }) => name === change.name && id !== change.id))
          return { status: 'conflict', kind: 'tenant_key', id: change.id };
        rows.set(change.id, { id: change.id, name: change.name, version: 1, updatedAt: 0, value: change.value });
      }
      return { status: 'written', revision: 1 };
    },
  };
  return { rows, store: store as unknown as ConfigurationStore };
}

const record = (keyId: string, version = 1) => ({ keyId, version, wrapped: 'AAAA' });

describe("a tenant's first key", () => {
  it('is the one that was stored first, for everybody who made one at once', async () => {
    const { store, rows } = keyRows();
    const keys = tenantKeyStore({ configuration: store, now: async () => 0 });
    const answers = await Promise.all([
      keys.create('acme', record('k-a')),
      keys.create('acme', record('k-b')),
      keys.create('acme', record('k-c')),
    ]);
    expect(answers.map(({ keyId }) => keyId)).toEqual(['k-a', 'k-a', 'k-a']);
    expect(rows.size).toBe(1);
    expect(await keys.read('acme')).toEqual([record('k-a')]);
  });

  it('is the same when it is stored again because the answer was lost', async () => {
    const { store } = keyRows();
    const keys = tenantKeyStore({ configuration: store, now: async () => 0 });
    await keys.create('acme', record('k-a'));
    expect(await keys.create('acme', record('k-a'))).toEqual(record('k-a'));
    expect((await keys.create('acme', record('k-b', 2))).version).toBe(2);
  });

  it('is an error to be tried again where the store has lost it', async () => {
    const { store } = keyRows();
    const keys = tenantKeyStore({ configuration: { ...store, find: async () => null }, now: async () => 0 });
    await expect(keys.create('acme', record('k-a'))).rejects.toMatchObject({ code: 'storage_unavailable', retryable: true });
  });
});
