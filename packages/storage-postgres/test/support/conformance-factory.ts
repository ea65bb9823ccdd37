import type { Storage } from '@patchbay/core/adapter';
import type { StorageFactory, StorageSubject } from '@patchbay/testing';
import type { ClientBase, Pool } from 'pg';
import { postgresStorage } from '../../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './test-schema.ts';
import { createWalledSchema } from './walled-schema.ts';

/** Where the suites' storages stand, and how another process comes there. */
interface Ground {
  readonly test: TestSchema;
  readonly rowLevelSecurity: 'off' | 'required';
  readonly pool: Pool;
  anotherPool(): Pool;
  close(): Promise<void>;
}

function subjectOf({ test, pool, anotherPool, rowLevelSecurity }: Ground): StorageSubject<ClientBase> {
  const closings: (() => Promise<void>)[] = [];
  const open = (own: Pool): Storage<ClientBase> => {
    const storage = postgresStorage({ pool: own, schema: test.schema, rowLevelSecurity });
    closings.push(() => storage.close());
    return storage;
  };
  return {
    storage: open(pool),
    advance: (ms) => test.advance(ms),
    async second() {
      const own = anotherPool();
      const storage = open(own);
      closings.push(() => own.end());
      return storage;
    },
    async begin() {
      const client = await pool.connect();
      await client.query('begin');
      const end = async (word: 'commit' | 'rollback'): Promise<void> => {
        await client.query(word);
        client.release();
      };
      return { transaction: client, commit: () => end('commit'), rollback: () => end('rollback') };
    },
    async close() {
      for (const close of closings) await close();
    },
  };
}

async function openGround(): Promise<Ground> {
  const test = await createTestSchema();
  return { test, rowLevelSecurity: 'off', pool: test.pool, anotherPool: () => test.anotherPool(), close: () => test.close() };
}

/** As a role that owns nothing and is walled in. */
async function walledGround(): Promise<Ground> {
  const walled = await createWalledSchema();
  const pool = walled.open();
  await postgresStorage({ pool, schema: walled.owner.schema, rowLevelSecurity: 'required' }).ready();
  return {
    test: walled.owner,
    rowLevelSecurity: 'required',
    pool,
    anotherPool: () => walled.open(),
    close: () => walled.close(),
  };
}

/** A factory for the conformance suites: one schema, emptied before each test, as making one takes longer than most tests. */
export function schemaFactory({ walled = false }: { readonly walled?: boolean } = {}): {
  readonly factory: StorageFactory<ClientBase>;
  close(): Promise<void>;
} {
  let made: Promise<Ground> | undefined;
  return {
    factory: {
      async create() {
        made ??= walled ? walledGround() : openGround();
        const ground = await made;
        await ground.test.clear();
        return subjectOf(ground);
      },
    },
    async close() {
      await (await made)?.close();
    },
  };
}
