import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectMany, type VaultStage, vaultStage } from './vault-stage.ts';

let stage: VaultStage;
beforeEach(() => {
  stage = vaultStage();
});
afterEach(() => stage.close());

const coded = (code: string) => expect.objectContaining({ code });

async function connected() {
  const hub = stage.process();
  await connectMany(hub, 'acme', 2);
  return hub.tenant('acme');
}

const opened = async (acme: Awaited<ReturnType<typeof connected>>, connection: string, key: string): Promise<string> =>
  (await acme.vault.use({ connection, key, purpose: 'check' })).reveal('check');

describe('a named secret of a connection', () => {
  it('is kept by connection and key, replaced, listed without its value and deleted', async () => {
    const acme = await connected();
    const { id } = await acme.connections.get('c0');
    const made = await acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' });
    expect(made).toEqual({ connection: id, key: 'signing', version: 1, updatedAt: stage.clock.now() });
    await acme.vault.put({ connection: 'desk/c0', key: 'other', value: 'two' });
    await acme.vault.put({ connection: 'c1', key: 'signing', value: 'three' });
    expect(await acme.vault.put({ connection: id, key: 'signing', value: 'four' })).toMatchObject({ version: 3 });
    expect([await opened(acme, 'c0', 'signing'), await opened(acme, 'c0', 'other'), await opened(acme, 'c1', 'signing')]).toEqual([
      ...['four', 'two', 'three'],
    ]);
    expect((await acme.vault.list('c0')).map(({ key, version }) => [key, version])).toEqual([
      ['signing', 3],
      ['other', 2],
    ]);
    expect(inspect([await acme.vault.list('c0'), await acme.vault.use({ connection: 'c0', key: 'other', purpose: 'x' })])).not.toMatch(
      /four|two/,
    );
    await acme.vault.delete({ connection: 'c0', key: 'signing' });
    for (const call of [opened(acme, 'c0', 'signing'), acme.vault.delete({ connection: 'c0', key: 'signing' })])
      await expect(call).rejects.toThrow(coded('not_found'));
    expect(await acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' })).toMatchObject({ version: 4 });
  });

  it('with the same value changes nothing', async () => {
    const acme = await connected();
    const made = await acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' });
    const before = await stage.storage.configuration.revision('acme');
    await stage.clock.advance(1_000);
    expect(await acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' })).toEqual(made);
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
  });

  it('stands beside the credential, which works on', async () => {
    const acme = await connected();
    await acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' });
    expect(await acme.connections.test('c0')).toMatchObject({ healthy: true });
    expect(await stage.process().tenant('acme').connections.test('c0')).toMatchObject({ healthy: true });
  });

  it('does not open in the place of another', async () => {
    const acme = await connected();
    await acme.vault.put({ connection: 'c0', key: 'a', value: 'one' });
    await acme.vault.put({ connection: 'c0', key: 'b', value: 'two' });
    const { configuration } = stage.storage;
    const { id } = await acme.connections.get('c0');
    const row = await configuration.find('acme', 'credential', `${id}/secrets`);
    const [first, second] = row?.value.secrets ?? [];
    if (!row || !first || !second) throw new TypeError('There are no secrets.');
    const secrets = [
      { ...first, sealed: second.sealed, secretVersion: second.secretVersion },
      { ...second, secretVersion: 1 },
    ];
    await configuration.write('acme', [
      { put: 'credential', id: row.id, name: row.name, expect: row.version, value: { ...row.value, secrets } },
    ]);
    for (const key of ['a', 'b']) await expect(opened(acme, 'c0', key)).rejects.toThrow(coded('vault_sealed'));
    await acme.vault.put({ connection: 'c0', key: 'a', value: 'mended' });
    expect(await opened(acme, 'c0', 'a')).toBe('mended');
  });

  it('ends with its connection', async () => {
    const acme = await connected();
    await acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' });
    await acme.connections.disconnect('c0');
    expect(await acme.vault.list('c0')).toEqual([]);
    await expect(acme.vault.put({ connection: 'c0', key: 'signing', value: 'one' })).rejects.toThrow(coded('conflict'));
    const rows = await stage.storage.configuration.list('acme', 'credential', { cursor: null, limit: 10 });
    expect(rows.rows).toHaveLength(1);
  });

  it('is refused where it cannot be kept or says nothing of its purpose', async () => {
    const acme = await connected();
    for (const key of ['', ' ', 'a\u0000', 'x'.repeat(201), undefined as never])
      await expect(acme.vault.put({ connection: 'c0', key, value: 'one' })).rejects.toThrow(coded('invalid_argument'));
    for (const value of ['', 'x'.repeat(65_537), '\ud800', undefined as never])
      await expect(acme.vault.put({ connection: 'c0', key: 'a', value })).rejects.toThrow(coded('invalid_argument'));
    await acme.vault.put({ connection: 'c0', key: 'a', value: 'one' });
    for (const purpose of ['', '  ', undefined as never])
      await expect(acme.vault.use({ connection: 'c0', key: 'a', purpose })).rejects.toThrow(coded('invalid_argument'));
  });

  it('survives being put by many at once, and there are at most a hundred of a connection', async () => {
    const acme = await connected();
    const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
    await Promise.all(keys.map((key) => acme.vault.put({ connection: 'c0', key, value: key })));
    expect(await Promise.all(keys.map((key) => opened(acme, 'c0', key)))).toEqual(keys);
    const more = Array.from({ length: 90 }, (_, index) => ({ connection: 'c0', key: `more-${index}`, value: 'x' }));
    expect(await acme.vault.import({ secrets: more })).toMatchObject({ imported: 90 });
    await expect(acme.vault.put({ connection: 'c0', key: 'one-more', value: 'x' })).rejects.toThrow(coded('invalid_argument'));
  });
});

describe('importing secrets', () => {
  const secrets = Array.from({ length: 150 }, (_, index) => ({
    connection: `c${index % 2}`,
    key: `key-${index}`,
    value: `value-${index}`,
  }));

  it('stores them in batches and tells how far it has come', async () => {
    const acme = await connected();
    const positions: number[] = [];
    const result = await acme.vault.import({ secrets, onProgress: ({ position }) => positions.push(position) });
    expect(result).toEqual({ imported: 150, unchanged: 0, refused: 0, refusals: [], position: 150 });
    expect(positions).toEqual([100, 150]);
    expect(await opened(acme, 'c1', 'key-149')).toBe('value-149');
    expect(await acme.vault.import({ secrets })).toMatchObject({ imported: 0, unchanged: 150 });
  });

  it('goes on from its position after a signal', async () => {
    const acme = await connected();
    const stop = new AbortController();
    const part = await acme.vault.import({ secrets, signal: stop.signal, onProgress: () => stop.abort() });
    expect(part).toMatchObject({ imported: 100, position: 100 });
    async function* again() {
      yield* secrets;
    }
    expect(await acme.vault.import({ secrets: again(), position: part.position })).toMatchObject({
      imported: 50,
      unchanged: 0,
      position: 150,
    });
    expect(await acme.vault.list('c0')).toHaveLength(75);
    for (const position of [-1, 0.5]) await expect(acme.vault.import({ secrets, position })).rejects.toThrow(coded('invalid_argument'));
  });

  it('refuses what cannot be stored, says where, and goes on', async () => {
    const acme = await connected();
    const result = await acme.vault.import({
      secrets: [
        { connection: 'c0', key: 'a', value: 'one' },
        { connection: 'nobody', key: 'a', value: 'hunter2' },
        { connection: 'c0', key: '', value: 'hunter2' },
        { connection: 'c1', key: 'a', value: 'two' },
      ],
    });
    expect(result).toMatchObject({ imported: 2, refused: 2, position: 4 });
    expect(result.refusals.map(({ position, code }) => [position, code])).toEqual([
      [2, 'invalid_argument'],
      [1, 'not_found'],
    ]);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('ends where the tenant has been shredded', async () => {
    const acme = await connected();
    await acme.vault.shred({ tenant: 'acme' });
    await expect(acme.vault.import({ secrets })).rejects.toThrow(coded('vault_key_destroyed'));
  });
});
