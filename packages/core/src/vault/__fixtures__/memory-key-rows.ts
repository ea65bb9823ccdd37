import type { Row } from '../../contracts/configuration-store.ts';
import type { TenantKeyRows, TenantKeyStore } from '../tenant-key-store.ts';

/** Data keys of tenants in memory, with compare-and-set writes and a time that a test moves. */
export interface MemoryKeyRows extends TenantKeyStore, TenantKeyRows {
  readonly tenants: Map<string, Map<string, Row<'tenant_key'>>>;
  /** Called before each write; a test lets others come first here. */
  beforeWrite: () => void | Promise<void>;
  time: number;
}

/** Makes an empty store. */
export function createMemoryKeyRows(): MemoryKeyRows {
  const tenants = new Map<string, Map<string, Row<'tenant_key'>>>();
  const rowsOf = (tenant: string): Map<string, Row<'tenant_key'>> => {
    const rows = tenants.get(tenant) ?? new Map<string, Row<'tenant_key'>>();
    tenants.set(tenant, rows);
    return rows;
  };
  const store: MemoryKeyRows = {
    tenants,
    beforeWrite: () => undefined,
    time: 0,
    now: async () => store.time,
    rows: async (tenant) => [...rowsOf(tenant).values()].sort((one, other) => one.value.version - other.value.version),
    read: async (tenant) => (await store.rows(tenant)).map(({ value }) => ({ ...value })),
    async create(tenant, record) {
      await store.write(tenant, [{ id: record.keyId, expect: 'absent', record }]);
      return (await store.rows(tenant)).find(({ value }) => value.version === record.version)?.value ?? record;
    },
    async write(tenant, changes) {
      await store.beforeWrite();
      const rows = rowsOf(tenant);
      const fits = changes.every(({ id, expect, record }) => {
        const namesake = [...rows.values()].find(({ value }) => value.version === record.version);
        return (rows.get(id)?.version ?? 'absent') === expect && (namesake === undefined || namesake.id === id);
      });
      if (!fits) return false;
      for (const { id, expect, record } of changes) {
        const version = expect === 'absent' ? 1 : expect + 1;
        rows.set(id, { id, name: `version/${record.version}`, version, value: record, updatedAt: store.time });
      }
      return true;
    },
  };
  return store;
}
