import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { secretsIn as leaksIn, writingsOf } from '../../core-tests/test/gateway/secret-writings.ts';
import { dumpFile, dumpSchema } from './support/dump-rows.ts';
import { createFaultSchema } from './support/fault-schema.ts';
import { lifeSecrets, liveWithSecrets } from './support/secret-life.ts';
import { patienceMs } from './support/sizes.ts';

const over = (storage: Storage<never> | Awaited<ReturnType<typeof createFaultSchema>>['storage']): Storage<unknown> => ({
  ...storage,
  ingest: (items) => storage.ingest(items),
});

/** A storage with a way to see its rows as they are stored. */
interface Opened {
  readonly storage: Storage<unknown>;
  dump(): Promise<string>;
  close(): Promise<void>;
}

const storages: Readonly<Record<string, () => Promise<Opened>>> = {
  async memory() {
    const storage = memoryStorage();
    // What it holds is read by its own methods, as all else is.
    return { storage: over(storage), dump: async () => '', close: () => storage.close() };
  },
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-canary-'));
    const file = join(folder, 'patchbay.db');
    const storage = sqliteStorage({ file });
    const close = async (): Promise<void> => {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { storage: over(storage), dump: async () => dumpFile(file), close };
  },
  async postgres() {
    const { storage, pool, schema, close } = await createFaultSchema(inject('databaseUrl'));
    return { storage: over(storage), dump: () => dumpSchema(pool, schema), close };
  },
};

let opened: Opened | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(name: string): Promise<Opened> {
  opened = await storages[name]?.();
  if (opened === undefined) throw new Error(`There is no storage ${name}.`);
  return opened;
}

describe.each(Object.keys(storages))('over %s', (name) => {
  it('a life with 200 secrets leaves none of them in any line, error, answer, notice, list, export, checkpoint or row', {
    timeout: patienceMs,
  }, async () => {
    const { storage, dump } = await open(name);
    const { sinks, made, seen } = await liveWithSecrets(storage, dump);
    const text = sinks.join('\n');
    expect(new Set(lifeSecrets).size).toBe(200);
    expect(leaksIn(text, lifeSecrets)).toEqual([]);
    expect(made.length).toBeGreaterThanOrEqual(59);
    expect(leaksIn(text, made)).toEqual([]);
    // The test sees what it looks for: the service was shown all but named and webhook secrets, and the sinks hold what became of them.
    expect(leaksIn(seen.join('\n'), lifeSecrets).length).toBeGreaterThanOrEqual(145);
    const openings = ['credential.open', 'oauth_secret.open', 'named_secret.open', 'webhook_secret.open'];
    const traces = [...openings, 'operator.disconnect_all', 'revocation', '[withheld]', ...(name === 'memory' ? [] : ['returnTo'])];
    expect(traces.filter((trace) => !text.includes(trace))).toEqual([]);
  });

  it('a secret that is planted in a row is found, however it is written', async () => {
    const { storage, dump } = await open(name);
    await storage.ready();
    const [first = '', ...others] = lifeSecrets;
    const before = await dump();
    expect(leaksIn(before, lifeSecrets)).toEqual([]);
    for (const [index, writing] of writingsOf(first).entries()) {
      const value = { name: `s-${index}`, pattern: writing };
      await storage.configuration.write('acme', [{ put: 'subscriber', id: `s-${index}`, name: `s-${index}`, expect: 'absent', value }]);
      const rows = name === 'memory' ? JSON.stringify(await storage.configuration.get('acme', 'subscriber', `s-${index}`)) : await dump();
      expect(leaksIn(rows, [first]), writing).toEqual([first]);
      expect(leaksIn(rows, others)).toEqual([]);
    }
  });
});
