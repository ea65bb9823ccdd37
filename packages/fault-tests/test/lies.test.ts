import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { describe, expect, inject, it } from 'vitest';
import { checkLife } from './support/check-life.ts';
import { startProvider } from './support/effects-provider.ts';
import { createFaultSchema } from './support/fault-schema.ts';
import { liveALife } from './support/live-a-life.ts';
import { lyingStorage, type StorageCall } from './support/lying-storage.ts';
import { readAccount } from './support/read-account.ts';
import { reportFigure } from './support/report-figure.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';

/** Where one life follows another. */
interface Ground {
  /** A storage in which no hub has lived, or none has left anything for all hubs. */
  renew(): Promise<Storage<unknown>>;
  close(): Promise<void>;
}

/** The hub hands no transaction of a host's on. */
const plain = <Transaction>(storage: Storage<Transaction>): Storage<unknown> => ({ ...storage, ingest: (items) => storage.ingest(items) });

/** Takes away what a hub leaves for all hubs. What belongs to a tenant may stay: every life has one of its own. */
const forgetHubs = (schema: string): string => `delete from ${schema}subscribers; delete from ${schema}leases`;

async function sqliteGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-lies-'));
  const file = join(folder, 'patchbay.db');
  const storage = sqliteStorage({ file });
  await storage.ready();
  return {
    async renew() {
      const database = new DatabaseSync(file, { timeout: 5_000 });
      database.exec(forgetHubs(''));
      database.close();
      return plain(storage);
    },
    async close() {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function postgresGround(): Promise<Ground> {
  const { pool, schema, storage, close } = await createFaultSchema(inject('databaseUrl'));
  return {
    async renew() {
      await pool.query(forgetHubs(`${schema}.`));
      return plain(storage);
    },
    close,
  };
}

const grounds: Readonly<Record<string, () => Promise<Ground>>> = {
  memory: async () => ({ renew: async () => plain(memoryStorage()), close: async () => undefined }),
  sqlite: sqliteGround,
  postgres: postgresGround,
};

/** One life with one lie, in a tenant of its own. Answers what broke, every call, and whether the lie was told. */
async function liveWith({ ground, lieAt, tenant }: { ground: Ground; lieAt: StorageCall | null; tenant: string }) {
  const provider = await startProvider();
  try {
    const storage = await ground.renew();
    const lying = lyingStorage(storage, lieAt);
    const life = await liveALife({ storage: lying.storage, provider, tenant });
    const faults = checkLife(life, await readAccount(storage.history, tenant), provider);
    return { faults, calls: lying.calls, hasLied: lying.hasLied() };
  } finally {
    await provider.close();
  }
}

/** Calls that every one of three lives comes to: how often an idle hub looks for work depends on what ends first. */
async function callsOf(ground: Ground): Promise<readonly StorageCall[]> {
  const lives: (readonly StorageCall[])[] = [];
  for (const tenant of ['plain1', 'plain2', 'plain3']) {
    const { faults, calls } = await liveWith({ ground, lieAt: null, tenant });
    expect(faults).toEqual([]);
    lives.push(calls);
  }
  const [first = [], ...others] = lives;
  return first.filter(({ method, time }) => others.every((calls) => calls.some((call) => call.method === method && call.time === time)));
}

/** Lives through one lie after another, on a ground of its own. Answers what broke. */
async function liveThrough(makeGround: () => Promise<Ground>, next: () => StorageCall | undefined): Promise<readonly string[]> {
  const ground = await makeGround();
  const broken: string[] = [];
  try {
    for (let lie = next(), life = 0; lie !== undefined; lie = next()) {
      const said = `${lie.method} for the ${lie.time}. time`;
      for (let tries = 0, isTold = false; !isTold; tries += 1) {
        life += 1;
        const { faults, hasLied } = await liveWith({ ground, lieAt: lie, tenant: `t${life}` });
        broken.push(...faults.map((fault) => `a lie of ${said}: ${fault}`));
        isTold = hasLied;
        if (tries === 10 && !isTold) throw new Error(`No life came to ${said}.`);
      }
    }
  } finally {
    await ground.close();
  }
  return broken;
}

/** Lives at once: most of one is waiting for a lease. */
const atOnce = 8;

describe.each(Object.entries(grounds))('a storage that does what it is asked and says that it failed: %s', (name, makeGround) => {
  it('breaks no promise, whichever call it is', { timeout: patienceMs }, async () => {
    const ground = await makeGround();
    const calls = await callsOf(ground).finally(() => ground.close());
    // A life costs as much as seconds: an ordinary run tries a part of the calls, another part each time.
    const part = sizes.lies[name] ?? 1;
    const first = part === 1 ? 0 : chanceOf('lies').between(0, part - 1);
    const told = calls.filter((_, index) => index % part === first);
    const left = [...told];
    const broken = await Promise.all(Array.from({ length: atOnce }, () => liveThrough(makeGround, () => left.shift())));
    expect(broken.flat()).toEqual([]);
    reportFigure(`lies told, ${name}`, `${told.length} of ${calls.length}`);
  });
});
