import type { Change } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectMany, deliver, type VaultStage, vaultStage } from './vault-stage.ts';

let stage: VaultStage;
beforeEach(() => {
  stage = vaultStage();
});
afterEach(() => stage.close());

const coded = (code: string) => expect.objectContaining({ code });
const cacheMs = 300_000;

/** Sealed forms of everything that the tenant has. */
async function sealedOf(tenant: string): Promise<readonly string[]> {
  const { rows } = await stage.storage.configuration.snapshot(tenant, ['credential', 'registration']);
  return [
    ...(rows.credential ?? []).flatMap(({ value }) => [value.sealed, ...(value.secrets ?? []).map(({ sealed }) => sealed)]),
    ...(rows.registration ?? []).flatMap(({ value }) => value.secrets.map(({ sealed }) => sealed)),
  ].filter((sealed) => sealed !== '');
}

describe('rewrapping a tenant', () => {
  it('seals everything anew under the newest data key and the active key-encryption key; then the old ones can go', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    const urls = await connectMany(hub, 'acme', 3);
    await acme.vault.put({ connection: 'c1', key: 'signing', value: 'hunter2' });
    const before = await sealedOf('acme');
    await acme.vault.rotate();
    const next = stage.process({ active: 'k2' }).tenant('acme');
    expect(await next.vault.rewrap()).toEqual({
      rewrapped: 7,
      current: 0,
      unreadable: 0,
      unreadableIds: [],
      cursor: null,
      keysRewrapped: 2,
    });
    expect((await sealedOf('acme')).filter((sealed) => before.includes(sealed))).toEqual([]);
    await stage.clock.advance(cacheMs);
    expect(await next.vault.setMinDecryptVersion(2)).toMatchObject({ active: 2, minDecryptVersion: 2 });
    const alone = stage.process({ active: 'k2', only: true });
    const handle = alone.tenant('acme');
    for (const index of [0, 1, 2]) {
      expect(await handle.connections.test(`c${index}`)).toMatchObject({ healthy: true });
      expect(await deliver(alone, urls[index] ?? '', `secret-${index}`)).toBe(202);
    }
    const secret = await handle.vault.use({ connection: 'c1', key: 'signing', purpose: 'check' });
    expect(secret.reveal('check')).toBe('hunter2');
  });

  it('takes app registrations along, whose secret stays the same', async () => {
    const acme = stage.process().tenant('acme');
    const app = { connector: 'archive', clientId: 'own-client', clientSecret: 'own-secret-123' };
    await acme.oauth.putApp(app);
    await acme.vault.rotate();
    expect(await acme.vault.rewrap()).toMatchObject({ rewrapped: 1, unreadable: 0 });
    const { version } = (await acme.oauth.listApps())[0] ?? {};
    expect(await acme.oauth.putApp(app)).toMatchObject({ version });
    await stage.clock.advance(cacheMs);
    expect(await acme.vault.setMinDecryptVersion(2)).toMatchObject({ minDecryptVersion: 2 });
    expect(await acme.oauth.putApp(app)).toMatchObject({ version });
  });

  it('leaves what is current, and raises the revision once for fifty rows', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    await connectMany(hub, 'acme', 60);
    await acme.vault.rotate();
    const revision = async (): Promise<number> => (await stage.storage.configuration.revision('acme')).tenant;
    const before = await revision();
    expect(await acme.vault.rewrap()).toMatchObject({ rewrapped: 120, current: 0, keysRewrapped: 0 });
    expect(await revision()).toBe(before + 4);
    const sealed = await sealedOf('acme');
    expect(await acme.vault.rewrap()).toMatchObject({ rewrapped: 0, current: 120 });
    expect([await revision(), await sealedOf('acme')]).toEqual([before + 4, sealed]);
  });

  it('goes on from a cursor, tells of its progress and ends at a signal', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    await connectMany(hub, 'acme', 60);
    await acme.vault.rotate();
    let cursor: string | null = null;
    const counts: number[] = [];
    do {
      const progress: number[] = [];
      const part: Awaited<ReturnType<typeof acme.vault.rewrap>> = await acme.vault.rewrap({
        cursor,
        limit: 35,
        onProgress: ({ rewrapped }) => progress.push(rewrapped),
      });
      counts.push(part.rewrapped);
      expect(progress.at(-1)).toBe(part.rewrapped);
      cursor = part.cursor;
    } while (cursor !== null);
    expect(counts).toEqual([35, 35, 35, 15]);
    await acme.vault.rotate();
    const stop = new AbortController();
    const stopped = await acme.vault.rewrap({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(stopped).toMatchObject({ rewrapped: 50, cursor: expect.any(String) });
    for (const wrong of ['', 'nothing', 'tenant_key:x', 7 as never])
      await expect(acme.vault.rewrap({ cursor: wrong })).rejects.toThrow(coded('invalid_argument'));
    for (const limit of [0, -1, 1.5]) await expect(acme.vault.rewrap({ limit })).rejects.toThrow(coded('invalid_argument'));
  });

  it('loses nothing that others write meanwhile: each row is written only as it was read', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    await connectMany(hub, 'acme', 5);
    await acme.vault.rotate();
    const { configuration } = stage.storage;
    const { write } = configuration;
    let isRewrap = true;
    Object.assign(configuration, {
      async write(tenant: string, changes: readonly Change[]) {
        if (isRewrap && changes.length === 5) {
          isRewrap = false;
          await acme.connections.put('c1', { connector: 'desk', credential: { type: 'bearer', token: 'newer' } });
          await acme.connections.disconnect('c2');
        }
        return write(tenant, changes);
      },
    });
    expect(await acme.vault.rewrap()).toMatchObject({ rewrapped: 8, current: 2, unreadable: 0 });
    const same = await acme.connections.put('c1', { connector: 'desk', credential: { type: 'bearer', token: 'newer' } });
    expect(same.status).toBe('active');
    const row = await configuration.find('acme', 'credential', same.id);
    expect(row?.version).toBe(2);
    expect(await acme.connections.get('c2')).toMatchObject({ status: 'disconnected' });
  });

  it('counts what does not open, names it and goes on', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    await connectMany(hub, 'acme', 3);
    const { configuration } = stage.storage;
    const connection = await acme.connections.get('c1');
    const row = await configuration.find('acme', 'credential', connection.id);
    if (row === null) throw new TypeError('There is no credential.');
    const value = { ...row.value, sealed: `${row.value.sealed.slice(0, -8)}AAAAAAA=` };
    await configuration.write('acme', [{ put: 'credential', id: row.id, name: row.name, expect: row.version, value }]);
    await acme.vault.rotate();
    expect(await acme.vault.rewrap()).toMatchObject({ rewrapped: 5, unreadable: 1, unreadableIds: [`credential:${row.id}`] });
    await stage.clock.advance(cacheMs);
    await expect(acme.vault.setMinDecryptVersion(2)).rejects.toThrow(coded('conflict'));
    await acme.connections.put('c1', { connector: 'desk', credential: { type: 'bearer', token: 'token-1' } });
    expect(await acme.vault.setMinDecryptVersion(2)).toMatchObject({ minDecryptVersion: 2 });
  });
});

describe('the least version that opens', () => {
  it('is not raised while something is sealed under an older one, or while another process may still seal so', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    await connectMany(hub, 'acme', 1);
    await acme.vault.rotate();
    await expect(acme.vault.setMinDecryptVersion(2)).rejects.toThrow(
      expect.objectContaining({ code: 'conflict', retryable: true, retryAfterMs: cacheMs }),
    );
    await stage.clock.advance(cacheMs);
    const before = await stage.storage.configuration.revision('acme');
    await expect(acme.vault.setMinDecryptVersion(2)).rejects.toThrow(
      expect.objectContaining({ code: 'conflict', retryable: false, details: { count: 2 } }),
    );
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
    await acme.vault.rewrap();
    expect(await acme.vault.setMinDecryptVersion(2)).toMatchObject({ minDecryptVersion: 2 });
    expect(await acme.vault.setMinDecryptVersion(1)).toMatchObject({ minDecryptVersion: 1 });
    await expect(acme.vault.setMinDecryptVersion(3)).rejects.toThrow(coded('invalid_argument'));
  });

  it('is taken back where something older was written in between', async () => {
    const hub = stage.process();
    const acme = hub.tenant('acme');
    await connectMany(hub, 'acme', 1);
    const { configuration } = stage.storage;
    const connection = await acme.connections.get('c0');
    const old = await configuration.find('acme', 'credential', connection.id);
    if (old === null) throw new TypeError('There is no credential.');
    await acme.vault.rotate();
    await acme.vault.rewrap();
    await stage.clock.advance(cacheMs);
    const { write } = configuration;
    Object.assign(configuration, {
      async write(tenant: string, changes: readonly Change[]) {
        const verdict = await write(tenant, changes);
        const isMinimum = changes.some((change) => 'put' in change && change.put === 'tenant_key' && change.value.minimum === 2);
        if (isMinimum) await write(tenant, [{ put: 'credential', id: old.id, name: old.name, expect: old.version + 1, value: old.value }]);
        return verdict;
      },
    });
    await expect(acme.vault.setMinDecryptVersion(2)).rejects.toThrow(coded('conflict'));
    expect(await acme.vault.keys()).toMatchObject({ minDecryptVersion: 1 });
    expect(await acme.connections.test('c0')).toMatchObject({ healthy: true });
  });
});

describe('shredding a tenant', () => {
  it('ends every use of its secrets here at once, and elsewhere within ten seconds, though they were opened before', async () => {
    const [here, there] = [stage.process(), stage.process()];
    const [url = ''] = await connectMany(here, 'acme', 1);
    const [otherUrl = ''] = await connectMany(here, 'other', 1);
    for (const hub of [here, there]) {
      expect(await hub.tenant('acme').connections.test('c0')).toMatchObject({ healthy: true });
      expect(await deliver(hub, url, 'secret-0')).toBe(202);
    }
    await here.tenant('acme').vault.shred({ tenant: 'acme' });
    const gone = { healthy: false, message: expect.stringContaining('destroyed') };
    expect(await here.tenant('acme').connections.test('c0')).toMatchObject(gone);
    expect(await deliver(here, url, 'secret-0')).toBe(401);
    await stage.clock.advance(10_000);
    expect(await there.tenant('acme').connections.test('c0')).toMatchObject(gone);
    expect(await deliver(there, url, 'secret-0')).toBe(401);
    const acme = stage.process().tenant('acme');
    expect(await acme.connections.test('c0')).toMatchObject(gone);
    await expect(acme.connections.put('new', { connector: 'desk', credential: { type: 'bearer', token: 'x' } })).rejects.toThrow(
      coded('vault_key_destroyed'),
    );
    await expect(acme.vault.rotate()).rejects.toThrow(coded('vault_key_destroyed'));
    await expect(acme.vault.rewrap()).rejects.toThrow(coded('vault_key_destroyed'));
    await expect(acme.vault.put({ connection: 'c0', key: 'a', value: 'b' })).rejects.toThrow(coded('vault_key_destroyed'));
    expect(await there.tenant('other').connections.test('c0')).toMatchObject({ healthy: true });
    expect(await deliver(there, otherUrl, 'secret-0')).toBe(202);
  });

  it('is done only for the tenant that is repeated', async () => {
    const hub = stage.process();
    await connectMany(hub, 'acme', 1);
    for (const wrong of [undefined, {}, { tenant: 'other' }, 'acme'])
      await expect(hub.tenant('acme').vault.shred(wrong as never)).rejects.toThrow(coded('invalid_argument'));
    expect(await hub.tenant('acme').connections.test('c0')).toMatchObject({ healthy: true });
  });
});
