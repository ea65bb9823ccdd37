import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createMemoryKeyRows } from './__fixtures__/memory-key-rows.ts';
import { createVault } from './create-vault.ts';
import { decodeEnvelope } from './envelope.ts';
import { localKeys } from './local-keys.ts';
import { createTenantKeys } from './tenant-keys.ts';

const place = { tenant: 'acme', objectType: 'connection', objectId: 'c-1', field: 'credential', purpose: 'test', secretVersion: 1 };
const coded = (code: string) => expect.objectContaining({ code });
const given = { k1: randomBytes(32).toString('base64'), k2: randomBytes(32).toString('base64') };
const versionOf = (envelope: Uint8Array): number => decodeEnvelope('PBV\u0001', envelope).dekVersion;

function setUp() {
  const store = createMemoryKeyRows();
  const clock = createManualClock();
  /** A process of its own over the same store. */
  const process = (active: 'k1' | 'k2' = 'k1') => {
    const keys = localKeys({ active, keys: given });
    const vault = createVault({ clock, store, keys });
    return { vault, keys: createTenantKeys({ keys, store, forget: vault.forget }) };
  };
  return { store, clock, process };
}

describe('rotating a data key', () => {
  it('makes a version that seals from then on, and what was sealed before opens', async () => {
    const { vault, keys } = setUp().process();
    const old = await vault.seal(place, 'old');
    expect(await keys.rotate('acme')).toBe(2);
    const fresh = await vault.seal(place, 'fresh');
    expect([old, fresh].map(versionOf)).toEqual([1, 2]);
    for (const [envelope, text] of [
      [old, 'old'],
      [fresh, 'fresh'],
    ] as const)
      expect((await vault.open(place, envelope)).reveal('test')).toBe(text);
    expect(await keys.list('acme')).toEqual({
      versions: [1, 2].map((version) => ({ version, keyEncryptionKey: 'k1' })),
      active: 2,
      minDecryptVersion: 1,
      destroyed: false,
    });
  });

  it('makes the first version of a tenant that has none', async () => {
    const { vault, keys } = setUp().process();
    expect([await keys.rotate('acme'), versionOf(await vault.seal(place, 'x'))]).toEqual([1, 1]);
  });

  it('reaches another process within the time of its check, whose envelopes open everywhere', async () => {
    const { process, clock } = setUp();
    const [here, there] = [process(), process()];
    await there.vault.seal(place, 'x');
    await here.keys.rotate('acme');
    expect(versionOf(await there.vault.seal(place, 'x'))).toBe(1);
    clock.advance(10_000);
    const envelope = await there.vault.seal(place, 'hunter2');
    expect(versionOf(envelope)).toBe(2);
    expect((await here.vault.open(place, envelope)).reveal('test')).toBe('hunter2');
  });

  it('by many at once gives each a version of its own', async () => {
    const { process } = setUp();
    const processes = Array.from({ length: 8 }, () => process());
    const versions = await Promise.all(processes.map(({ keys }) => keys.rotate('acme')));
    expect(versions.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await processes[0]?.keys.list('acme'))?.active).toBe(8);
  });
});

describe('shredding a tenant', () => {
  it('destroys every version: nothing opens, nothing seals, and nothing brings it back', async () => {
    const { process } = setUp();
    const { vault, keys } = process();
    const old = await vault.seal(place, 'old');
    await keys.rotate('acme');
    const fresh = await vault.seal(place, 'fresh');
    await keys.shred('acme');
    await keys.shred('acme');
    for (const each of [vault, process().vault]) {
      for (const envelope of [old, fresh]) await expect(each.open(place, envelope)).rejects.toThrow(coded('vault_key_destroyed'));
      await expect(each.seal(place, 'x')).rejects.toThrow(coded('vault_key_destroyed'));
      expect(await each.isDestroyed('acme')).toBe(true);
    }
    await expect(keys.rotate('acme')).rejects.toThrow(coded('vault_key_destroyed'));
    await expect(keys.setMinimum('acme', 2)).rejects.toThrow(coded('vault_key_destroyed'));
    expect(await keys.list('acme')).toMatchObject({ active: null, destroyed: true });
  });

  it('touches no other tenant', async () => {
    const { vault, keys } = setUp().process();
    const other = { ...place, tenant: 'other' };
    const envelope = await vault.seal(other, 'hunter2');
    await vault.seal(place, 'x');
    await keys.shred('acme');
    expect((await vault.open(other, envelope)).reveal('test')).toBe('hunter2');
    expect(await vault.isDestroyed('other')).toBe(false);
  });

  it('holds for a tenant that has never sealed anything', async () => {
    const { vault, keys } = setUp().process();
    await keys.shred('nobody');
    await expect(vault.seal({ ...place, tenant: 'nobody' }, 'x')).rejects.toThrow(coded('vault_key_destroyed'));
  });

  it('reaches the memory of another process within the time of its check', async () => {
    const { process, clock } = setUp();
    const [here, there] = [process(), process()];
    const envelope = await there.vault.seal(place, 'hunter2');
    await here.keys.shred('acme');
    clock.advance(9_999);
    expect((await there.vault.open(place, envelope)).reveal('test')).toBe('hunter2');
    clock.advance(1);
    expect(there.vault.openCached(place, envelope)).toBeUndefined();
    expect(await there.vault.isDestroyed('acme')).toBe(true);
    await expect(there.vault.open(place, envelope)).rejects.toThrow(coded('vault_key_destroyed'));
  });

  it('wins over a rotation that read the keys before it', async () => {
    const { process, store } = setUp();
    const { vault, keys } = process();
    await vault.seal(place, 'x');
    const other = process();
    store.beforeWrite = async () => {
      store.beforeWrite = () => undefined;
      await other.keys.shred('acme');
    };
    await expect(keys.rotate('acme')).rejects.toThrow(coded('vault_key_destroyed'));
    expect(await keys.list('acme')).toMatchObject({ active: null, destroyed: true });
  });

  it('destroys a version that a rotation made while it was under way', async () => {
    const { process, store } = setUp();
    const { vault, keys } = process();
    await vault.seal(place, 'x');
    const other = process();
    store.beforeWrite = async () => {
      store.beforeWrite = () => undefined;
      await other.keys.rotate('acme');
    };
    await keys.shred('acme');
    expect(await keys.list('acme')).toMatchObject({ versions: [{}, {}], active: null, destroyed: true });
  });

  it('is not undone by a read that was under way', async () => {
    const { process, store } = setUp();
    const { vault, keys } = process();
    const envelope = await process().vault.seal(place, 'hunter2');
    const { read } = store;
    store.read = async (tenant) => {
      const records = await read(tenant);
      store.read = read;
      await keys.shred('acme');
      return records;
    };
    await expect(vault.open(place, envelope)).rejects.toThrow(coded('vault_key_destroyed'));
    await expect(vault.seal(place, 'x')).rejects.toThrow(coded('vault_key_destroyed'));
  });
});

describe('the least version that opens', () => {
  it('refuses what is older, says why, and can be lowered', async () => {
    const { process, clock } = setUp();
    const { vault, keys } = process();
    const there = process().vault;
    const old = await vault.seal(place, 'old');
    await there.open(place, old);
    await keys.rotate('acme');
    const fresh = await vault.seal(place, 'fresh');
    expect(await keys.setMinimum('acme', 2)).toBe(1);
    clock.advance(10_000);
    for (const each of [vault, there]) {
      await expect(each.open(place, old)).rejects.toThrow(
        expect.objectContaining({ code: 'vault_sealed', details: { reason: 'below_minimum' } }),
      );
      expect(each.openCached(place, old)).toBeUndefined();
      expect((await each.open(place, fresh)).reveal('test')).toBe('fresh');
    }
    expect(await keys.setMinimum('acme', 1)).toBe(2);
    expect((await vault.open(place, old)).reveal('test')).toBe('old');
  });

  it.each([0, 3, -1, 1.5, Number.NaN])('is refused where there is no version %d', async (version) => {
    const { vault, keys } = setUp().process();
    await vault.seal(place, 'x');
    await keys.rotate('acme');
    await expect(keys.setMinimum('acme', version)).rejects.toThrow(coded('invalid_argument'));
    await expect(keys.ageOf('acme', version)).rejects.toThrow(coded('invalid_argument'));
  });

  it('tells how old a version is on the clock of the store', async () => {
    const { process, store } = setUp();
    const { keys } = process();
    await keys.rotate('acme');
    store.time = 5_000;
    await keys.rotate('acme');
    store.time = 7_000;
    expect(await keys.ageOf('acme', 2)).toBe(2_000);
  });
});

describe('wrapping data keys anew', () => {
  it('puts every version under the active key-encryption key, after which the old one is needed no longer', async () => {
    const { process, store, clock } = setUp();
    const before = process('k1');
    const old = await before.vault.seal(place, 'old');
    await before.keys.rotate('acme');
    const fresh = await before.vault.seal(place, 'fresh');
    const { keys } = process('k2');
    expect([await keys.rewrapKeys('acme'), await keys.rewrapKeys('acme')]).toEqual([2, 0]);
    expect((await keys.list('acme')).versions.map(({ keyEncryptionKey }) => keyEncryptionKey)).toEqual(['k2', 'k2']);
    const alone = createVault({ clock, store, keys: localKeys({ active: 'k2', keys: { k2: given.k2 } }) });
    expect((await alone.open(place, old)).reveal('test')).toBe('old');
    expect((await alone.open(place, fresh)).reveal('test')).toBe('fresh');
  });

  it('leaves what has been destroyed as it is, and needs none of its keys', async () => {
    const { process } = setUp();
    const { vault, keys } = process('k1');
    await vault.seal(place, 'x');
    await keys.shred('acme');
    expect(await process('k2').keys.rewrapKeys('acme')).toBe(0);
    expect(await keys.list('acme')).toMatchObject({ versions: [{ keyEncryptionKey: null }], destroyed: true });
  });
});

it('gives up with an error to be tried again when others never stop changing the keys', async () => {
  const { process, store } = setUp();
  const { vault, keys } = process();
  await vault.seal(place, 'x');
  store.write = async () => false;
  await expect(keys.rotate('acme')).rejects.toThrow(expect.objectContaining({ code: 'conflict', retryable: true }));
});
