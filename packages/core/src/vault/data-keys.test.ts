import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { TenantKeyRecord } from '../contracts/configuration-records.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createMemoryKeyStore } from './__fixtures__/memory-key-store.ts';
import { encodeAssociatedData } from './associated-data.ts';
import { createVault, type VaultOptions } from './create-vault.ts';
import { decodeEnvelope } from './envelope.ts';
import type { KeyProvider } from './key-provider.ts';
import { localKeys } from './local-keys.ts';
import { frameWrappedKey } from './wrapped-key-frame.ts';

const place = { tenant: 'acme', objectType: 'connection', objectId: 'c-1', field: 'credential', purpose: 'test', secretVersion: 1 };
const coded = (code: string) => expect.objectContaining({ code });

function spiedKeys(): KeyProvider & { wrap: ReturnType<typeof vi.fn>; unwrap: ReturnType<typeof vi.fn> } {
  const keys = localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
  return { activeKekId: keys.activeKekId, wrap: vi.fn(keys.wrap), unwrap: vi.fn(keys.unwrap) };
}

function openVault(options: Partial<VaultOptions> = {}) {
  const clock = createManualClock();
  const store = createMemoryKeyStore();
  const keys = spiedKeys();
  return { clock, store, keys, vault: createVault({ clock, store, keys, ...options }) };
}

/** Adds a data key of a later version, as a rotation does. */
async function addVersion(keys: KeyProvider, first: TenantKeyRecord, version: number): Promise<TenantKeyRecord> {
  const associatedData = encodeAssociatedData(['data-key', 'acme', first.keyId, version]);
  return { keyId: first.keyId, version, wrapped: frameWrappedKey(await keys.wrap({ dataKey: randomBytes(32), associatedData })) };
}

describe('the data key of a tenant', () => {
  it('is made once, though a hundred callers come first', async () => {
    const { vault, store, keys } = openVault();
    const envelopes = await Promise.all(Array.from({ length: 100 }, (_, index) => vault.seal(place, `secret ${index}`)));
    expect([store.calls.create, keys.wrap.mock.calls.length, keys.unwrap.mock.calls.length]).toEqual([1, 1, 1]);
    expect(store.records.get('acme')).toHaveLength(1);
    const opened = await Promise.all(envelopes.map((envelope) => vault.open(place, envelope)));
    expect(opened.map((secret) => secret.reveal('test'))).toEqual(envelopes.map((_, index) => `secret ${index}`));
  });

  it('is one, though two processes make it at the same time', async () => {
    const store = createMemoryKeyStore();
    const keys = spiedKeys();
    const vaults = Array.from({ length: 10 }, () => createVault({ clock: createManualClock(), store, keys }));
    const envelopes = await Promise.all(vaults.map((vault) => vault.seal(place, 'hunter2')));
    expect(store.calls.create).toBe(10);
    expect(new Set(envelopes.map((envelope) => decodeEnvelope('PBV\u0001', envelope).dekId)).size).toBe(1);
    for (const vault of vaults)
      for (const envelope of envelopes) expect((await vault.open(place, envelope)).reveal('test')).toBe('hunter2');
  });

  it('differs from tenant to tenant and is bound to its tenant', async () => {
    const { vault, store } = openVault();
    await Promise.all(['a', 'b', 'c'].map((tenant) => vault.seal({ ...place, tenant }, 'x')));
    const records = [...store.records.values()].flat();
    expect(new Set(records.map(({ keyId }) => keyId)).size).toBe(3);
    expect(new Set(records.map(({ wrapped }) => wrapped)).size).toBe(3);
  });

  it('is read and unwrapped once while it is in memory', async () => {
    const { vault, store, keys, clock } = openVault({ cacheMs: 1_000 });
    const envelope = await vault.seal(place, 'x');
    const opening = { reads: store.calls.read, unwraps: keys.unwrap.mock.calls.length };
    for (let index = 0; index < 50; index += 1) await vault.open(place, envelope);
    expect({ reads: store.calls.read, unwraps: keys.unwrap.mock.calls.length }).toEqual(opening);
    clock.advance(1_000);
    await Promise.all(Array.from({ length: 50 }, () => vault.open(place, envelope)));
    expect({ reads: store.calls.read, unwraps: keys.unwrap.mock.calls.length }).toEqual({
      reads: opening.reads + 1,
      unwraps: opening.unwraps + 1,
    });
  });

  it('works on from memory while store and provider are away, and no longer', async () => {
    const { vault, store, clock } = openVault({ cacheMs: 1_000 });
    const envelope = await vault.seal(place, 'hunter2');
    vi.spyOn(store, 'read').mockRejectedValue(new Error('away'));
    expect((await vault.open(place, envelope)).reveal('test')).toBe('hunter2');
    await vault.seal(place, 'another');
    await expect(vault.seal({ ...place, tenant: 'new' }, 'x')).rejects.toThrow('away');
    clock.advance(1_000);
    await expect(vault.open(place, envelope)).rejects.toThrow('away');
    vi.mocked(store.read).mockRestore();
    expect((await vault.open(place, envelope)).reveal('test')).toBe('hunter2');
  });

  it('is asked for again after ten seconds, and unwrapped again only if it has changed', async () => {
    const { vault, store, keys, clock } = openVault();
    const envelope = await vault.seal(place, 'x');
    const opening = { reads: store.calls.read, unwraps: keys.unwrap.mock.calls.length };
    for (let second = 0; second < 60; second += 1) {
      await Promise.all([vault.open(place, envelope), vault.seal(place, 'y')]);
      clock.advance(1_000);
    }
    expect({ reads: store.calls.read, unwraps: keys.unwrap.mock.calls.length }).toEqual({
      reads: opening.reads + 5,
      unwraps: opening.unwraps,
    });
  });

  it('works on while the store is away past its checks, until its time in memory ends', async () => {
    const { vault, store, clock } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    vi.spyOn(store, 'read').mockRejectedValue(new Error('away'));
    clock.advance(299_999);
    expect((await vault.open(place, envelope)).reveal('test')).toBe('hunter2');
    expect(await vault.isDestroyed('acme')).toBe(false);
    clock.advance(1);
    await expect(vault.open(place, envelope)).rejects.toThrow('away');
    expect(await vault.isDestroyed('acme')).toBe(false);
  });

  it('is not called missing while the store that may have it is away', async () => {
    const store = createMemoryKeyStore();
    const keys = spiedKeys();
    const [here, there] = [
      createVault({ clock: createManualClock(), store, keys }),
      createVault({ clock: createManualClock(), store, keys }),
    ];
    await here.seal(place, 'first');
    const [first] = store.records.get('acme') ?? [];
    if (first === undefined) throw new TypeError('There is no data key.');
    store.records.set('acme', [first, await addVersion(keys, first, 2)]);
    const envelope = await there.seal(place, 'second');
    vi.spyOn(store, 'read').mockRejectedValue(new Error('away'));
    await expect(here.open(place, envelope)).rejects.toThrow('away');
  });

  it('leaves memory when more tenants come than are kept, and never seals with zeros', async () => {
    const { vault } = openVault({ cachedTenants: 2 });
    const tenants = Array.from({ length: 50 }, (_, index) => `t-${index}`);
    for (let round = 0; round < 3; round += 1) {
      const envelopes = await Promise.all(tenants.map((tenant) => vault.seal({ ...place, tenant }, tenant)));
      const opened = await Promise.all(envelopes.map((envelope, index) => vault.open({ ...place, tenant: `t-${index}` }, envelope)));
      expect(opened.map((secret) => secret.reveal('test'))).toEqual(tenants);
    }
  });
});

describe('several versions of a data key', () => {
  it('all open, and the newest seals', async () => {
    const { vault, store, keys } = openVault();
    const old = await vault.seal(place, 'old');
    const [first] = store.records.get('acme') ?? [];
    if (first === undefined) throw new TypeError('There is no data key.');
    store.records.set('acme', [await addVersion(keys, first, 3), first, await addVersion(keys, first, 2)]);
    vault.forget('acme');
    const fresh = await vault.seal(place, 'fresh');
    expect([old, fresh].map((envelope) => decodeEnvelope('PBV\u0001', envelope).dekVersion)).toEqual([1, 3]);
    expect((await vault.open(place, old)).reveal('test')).toBe('old');
    expect((await vault.open(place, fresh)).reveal('test')).toBe('fresh');
  });

  it('are found though another process made them since', async () => {
    const store = createMemoryKeyStore();
    const keys = spiedKeys();
    const [here, there] = [
      createVault({ clock: createManualClock(), store, keys }),
      createVault({ clock: createManualClock(), store, keys }),
    ];
    await here.seal(place, 'first');
    const [first] = store.records.get('acme') ?? [];
    if (first === undefined) throw new TypeError('There is no data key.');
    store.records.set('acme', [first, await addVersion(keys, first, 2)]);
    const envelope = await there.seal(place, 'second');
    expect((await here.open(place, envelope)).reveal('test')).toBe('second');
  });
});

describe('a data key that cannot be had', () => {
  it('is destroyed for good: nothing opens, and no new key takes its place', async () => {
    const { vault, store } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    store.records.set(
      'acme',
      (store.records.get('acme') ?? []).map((record) => ({ ...record, wrapped: '' })),
    );
    vault.forget('acme');
    await expect(vault.open(place, envelope)).rejects.toThrow(coded('vault_key_destroyed'));
    await expect(vault.seal(place, 'x')).rejects.toThrow(coded('vault_key_destroyed'));
    expect(store.calls.create).toBe(1);
  });

  it('is missing for a tenant that never sealed anything, and opening makes none', async () => {
    const { vault, store } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    await expect(vault.open({ ...place, tenant: 'nobody' }, envelope)).rejects.toThrow(coded('vault_key_missing'));
    expect(store.records.has('nobody')).toBe(false);
  });

  it('is refused when its stored form is damaged or the provider answers the wrong size', async () => {
    const { vault, store, keys } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    const [record] = store.records.get('acme') ?? [];
    if (record === undefined) throw new TypeError('There is no data key.');
    for (const wrapped of ['AAAA', `${record.wrapped.slice(0, -8)}AAAAAAA=`]) {
      store.records.set('acme', [{ ...record, wrapped }]);
      vault.forget('acme');
      await expect(vault.open(place, envelope)).rejects.toThrow(coded('vault_sealed'));
    }
    store.records.set('acme', [record]);
    vault.forget('acme');
    keys.unwrap.mockResolvedValueOnce(new Uint8Array(16));
    await expect(vault.open(place, envelope)).rejects.toThrow(coded('vault_sealed'));
    expect((await vault.open(place, envelope)).reveal('test')).toBe('hunter2');
  });
});
