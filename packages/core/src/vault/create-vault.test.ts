import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createMemoryKeyStore } from './__fixtures__/memory-key-store.ts';
import { createVault, type SealContext, type VaultOptions } from './create-vault.ts';
import { decodeEnvelope } from './envelope.ts';
import { localKeys } from './local-keys.ts';

const keys = localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } });

function openVault(options: Partial<VaultOptions> = {}) {
  const clock = createManualClock();
  const store = createMemoryKeyStore();
  return { clock, store, vault: createVault({ clock, store, keys, ...options }) };
}

const place: SealContext = {
  tenant: 'acme',
  objectType: 'connection',
  objectId: 'c-1',
  field: 'credential',
  purpose: 'outgoing-request',
  secretVersion: 3,
};

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'opened',
    (error: unknown) => (isPatchbayError(error) ? error.code : error),
  );

describe('a vault', () => {
  it('opens a text as a secret and bytes as bytes', async () => {
    const { vault } = openVault();
    for (const text of ['hunter2', '', 'pässwörd 😀', '\ufeffwith a mark', 'x'.repeat(100_000)]) {
      const envelope = await vault.seal(place, text);
      const secret = await vault.open(place, envelope);
      expect(secret.reveal('test')).toBe(text);
      expect(JSON.stringify(secret)).toBe('"[redacted]"');
    }
    const bytes = randomBytes(2_000);
    expect(Buffer.from(await vault.openBytes(place, await vault.seal(place, bytes)))).toEqual(bytes);
  });

  it('shows nothing of a text in its envelope, and seals the same text differently each time', async () => {
    const { vault } = openVault();
    const [first, second] = [await vault.seal(place, 'hunter2'), await vault.seal(place, 'hunter2')];
    expect(Buffer.from(first).includes('hunter2')).toBe(false);
    expect(Buffer.from(first).equals(second)).toBe(false);
  });

  it('opens a sealed value nowhere but in its place', async () => {
    const { vault } = openVault();
    const places: SealContext[] = [];
    for (let index = 0; index < 60; index += 1) {
      places.push({ ...place, tenant: `t-${index % 5}`, objectId: `c-${Math.floor(index / 5) % 4}`, field: `f-${Math.floor(index / 20)}` });
    }
    const envelopes = await Promise.all(places.map((at) => vault.seal(at, JSON.stringify(at))));
    let opened = 0;
    for (const [from, envelope] of envelopes.entries()) {
      for (const [to, at] of places.entries()) {
        const code = await codeOf(vault.open(at, envelope));
        if (code === 'opened') opened += 1;
        expect([from === to, code]).toEqual([from === to, from === to ? 'opened' : expect.stringMatching(/^vault_(sealed|key_missing)$/)]);
      }
    }
    expect(opened).toBe(60);
  });

  it.each<[string, Partial<SealContext>]>([
    ['object type', { objectType: 'registration' }],
    ['object id', { objectId: 'c-2' }],
    ['field', { field: 'refresh_token' }],
    ['purpose', { purpose: 'export' }],
    ['later version', { secretVersion: 4 }],
    ['earlier version', { secretVersion: 2 }],
  ])('refuses another %s', async (_name, change) => {
    const { vault } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    expect(await codeOf(vault.open({ ...place, ...change }, envelope))).toBe('vault_sealed');
    expect(() => vault.openCached({ ...place, ...change }, envelope)).toThrow(expect.objectContaining({ code: 'vault_sealed' }));
  });

  it('refuses every envelope with one bit changed', async () => {
    const { vault } = openVault();
    let tried = 0;
    for (let round = 0; round < 100; round += 1) {
      const envelope = await vault.seal(place, 'x'.repeat(round % 32));
      for (let bit = 0; bit < envelope.byteLength * 8; bit += 1) {
        const changed = Buffer.from(envelope);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const code = await codeOf(vault.open(place, changed));
        if (code !== 'vault_sealed' && code !== 'vault_key_missing') expect([round, bit, code]).toEqual([round, bit, 'vault_sealed']);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(100_000);
  });

  it('refuses every length of tag but sixteen bytes', async () => {
    const { vault } = openVault();
    const envelope = Buffer.from(await vault.seal(place, 'hunter2'));
    const beforeTag = envelope.subarray(0, -17);
    const tag = envelope.subarray(-16);
    for (let size = 0; size <= 32; size += 1) {
      const changed = Buffer.concat([beforeTag, Uint8Array.of(size), Buffer.concat([tag, tag]).subarray(0, size)]);
      expect([size, await codeOf(vault.open(place, changed))]).toEqual([size, size === 16 ? 'opened' : 'vault_sealed']);
    }
  });

  it('answers unknown grammar, suite and keys with typed errors', async () => {
    const { vault, store } = openVault();
    const envelope = Buffer.from(await vault.seal(place, 'hunter2'));
    const { dekId } = decodeEnvelope('PBV\u0001', envelope);
    const changedAt = (at: number, byte: number): Buffer =>
      Buffer.concat([envelope.subarray(0, at), Uint8Array.of(byte), envelope.subarray(at + 1)]);
    const afterKek = 6 + 3;
    expect(await codeOf(vault.open(place, changedAt(3, 2)))).toBe('vault_sealed');
    expect(await codeOf(vault.open(place, changedAt(5, 9)))).toBe('vault_sealed');
    expect(await codeOf(vault.open(place, changedAt(8, 0x39)))).toBe('vault_sealed');
    expect(await codeOf(vault.open(place, changedAt(afterKek + 1, 0x7a)))).toBe('vault_key_missing');
    expect(await codeOf(vault.open(place, changedAt(afterKek + dekId.length + 4, 9)))).toBe('vault_key_missing');
    expect(await codeOf(vault.open(place, new Uint8Array(0)))).toBe('vault_sealed');
    const stranger = createVault({
      clock: createManualClock(),
      store,
      keys: localKeys({ active: 'k2', keys: { k2: randomBytes(32).toString('hex') } }),
    });
    expect(await codeOf(stranger.open(place, envelope))).toBe('vault_key_missing');
    const impostor = createVault({
      clock: createManualClock(),
      store,
      keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('hex') } }),
    });
    expect(await codeOf(impostor.open(place, envelope))).toBe('vault_sealed');
  });

  it('refuses a data key that was moved from another tenant', async () => {
    const { vault, store } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    store.records.set('evil', store.records.get('acme') ?? []);
    expect(await codeOf(vault.open({ ...place, tenant: 'evil' }, envelope))).toBe('vault_sealed');
    expect(await codeOf(vault.seal({ ...place, tenant: 'evil' }, 'x'))).toBe('vault_sealed');
  });

  it('binds the tenant itself, not only its data key', async () => {
    const { wrap } = keys;
    const careless = { activeKekId: 'k1', wrap, unwrap: async () => new Uint8Array(32).fill(9) };
    const { vault, store } = openVault({ keys: careless });
    const envelope = await vault.seal(place, 'hunter2');
    store.records.set('evil', store.records.get('acme') ?? []);
    expect(await codeOf(vault.open(place, envelope))).toBe('opened');
    expect(await codeOf(vault.open({ ...place, tenant: 'evil' }, envelope))).toBe('vault_sealed');
  });

  it('refuses a call without a whole place before it asks the store', async () => {
    const { vault, store } = openVault();
    const envelope = await vault.seal(place, 'hunter2');
    const calls = { ...store.calls };
    for (const name of ['tenant', 'objectType', 'objectId', 'field', 'purpose'] as const) {
      for (const value of ['', undefined, null, 0, {}]) {
        // TypeScript does not see through the computed name: this is what a caller without types may hand in.
        const faulty: SealContext = { ...place, [name]: value };
        expect(await codeOf(vault.seal(faulty, 'x'))).toBe('invalid_argument');
        expect(await codeOf(vault.open(faulty, envelope))).toBe('invalid_argument');
        expect(() => vault.openCached(faulty, envelope)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
      }
    }
    for (const secretVersion of [-1, 0.5, Number.NaN])
      expect(await codeOf(vault.seal({ ...place, secretVersion }, 'x'))).toBe('invalid_argument');
    expect(await codeOf(vault.seal(place, 'half \ud83d'))).toBe('invalid_argument');
    expect(store.calls).toEqual(calls);
  });

  it('does not pass bytes off as text', async () => {
    const { vault } = openVault();
    const envelope = await vault.seal(place, Uint8Array.of(0xff, 0xfe));
    expect(await codeOf(vault.open(place, envelope))).toBe('vault_sealed');
    expect(await vault.openBytes(place, envelope)).toHaveLength(2);
  });

  it('opens at once while the data key is in memory, and says so when it is not', async () => {
    const { vault, clock } = openVault({ cacheMs: 1_000 });
    const envelope = await vault.seal(place, 'hunter2');
    expect(vault.openCached(place, envelope)?.reveal('test')).toBe('hunter2');
    vault.forget('acme');
    expect(vault.openCached(place, envelope)).toBeUndefined();
    await vault.open(place, envelope);
    expect(vault.openCached(place, envelope)).toBeDefined();
    clock.advance(1_000);
    expect(vault.openCached(place, envelope)).toBeUndefined();
  });
});
