import type { Storage } from '@patchbay/core/adapter';
import type { StorageFactory, StorageSubject } from '@patchbay/testing';
import type { ClientBase, Pool } from 'pg';
import { postgresStorage } from '../../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './test-schema.ts';

function subjectOf(test: TestSchema): StorageSubject<ClientBase> {
  const closings: (() => Promise<void>)[] = [];
  const open = (pool: Pool): Storage<ClientBase> => {
    const storage = postgresStorage({ pool, schema: test.schema });
    closings.push(() => storage.close());
    return storage;
  };
  return {
    storage: open(test.pool),
    advance: (ms) => test.advance(ms),
    async second() {
      const pool = test.anotherPool();
      const storage = open(pool);
      closings.push(() => pool.end());
      return storage;
    },
    async begin() {
      const client = await test.pool.connect();
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

/** A factory for the conformance suites: one schema, emptied before each test, as making one takes longer than most tests. */
export function schemaFactory(): { readonly factory: StorageFactory<ClientBase>; close(): Promise<void> } {
  let made: Promise<TestSchema> | undefined;
  return {
    factory: {
      async create() {
        made ??= createTestSchema();
        const test = await made;
        await test.clear();
        return subjectOf(test);
      },
    },
    async close() {
      await (await made)?.close();
    },
  };
}
