import type { IngestItem, Storage } from '@patchbay/core/adapter';
import { expectTypeOf, test } from 'vitest';
import { sqliteStorage } from './sqlite-storage.ts';

declare const item: IngestItem;
declare const transaction: { readonly query: string };

test('joins no transaction of the host', () => {
  const storage = sqliteStorage({ file: 'patchbay.db' });
  expectTypeOf(storage).toEqualTypeOf<Storage<never>>();
  void storage.ingest([item]);
  // @ts-expect-error There is no transaction that this storage could join.
  void storage.ingest([item], { transaction });
  // @ts-expect-error The file is the host's to name.
  sqliteStorage({});
});
