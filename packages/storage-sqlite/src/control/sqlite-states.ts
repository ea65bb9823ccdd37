import { PatchbayError } from '@patchbay/core';
import type { StateEntry, StateStore, StateWrite } from '@patchbay/core/adapter';
import type { DatabaseThread } from '../thread/database-thread.ts';
import type { StoredState } from './states.ts';

const entryOf = (stored: StoredState): StateEntry => ({ ...stored, value: JSON.parse(stored.value) });

function checkNames(items: readonly StateWrite[]): void {
  const names = new Set(items.map(({ tenant, name }) => JSON.stringify([tenant, name])));
  if (names.size === items.length) return;
  throw new PatchbayError({ code: 'invalid_argument', message: 'One call writes a state twice. Write each name once.' });
}

/** Values by tenant and name, in their table. */
export function sqliteStates({ call }: Pick<DatabaseThread, 'call'>): StateStore {
  return {
    async write(items) {
      checkNames(items);
      return call(
        'writeStates',
        items.map((item) => ({ ...item, value: item.value === null ? null : JSON.stringify(item.value) })),
      );
    },
    async read(tenant, name) {
      const stored = await call('readState', { tenant, name });
      return stored === null ? null : entryOf(stored);
    },
    async list(tenant, prefix, page) {
      const { entries, cursor } = await call('listStates', { tenant, prefix, page });
      return { entries: entries.map(entryOf), cursor };
    },
  };
}
