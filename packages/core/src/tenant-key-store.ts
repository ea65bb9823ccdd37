import type { Change, Row, RowPage } from './contracts/configuration-store.ts';
import type { Storage } from './contracts/storage.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { TenantKeyRows, TenantKeyStore } from './vault/tenant-key-store.ts';

/** Keeps tenants' wrapped data keys in the configuration store. */
export function tenantKeyStore({
  configuration: store,
  now,
}: Pick<Storage<unknown>, 'configuration' | 'now'>): TenantKeyStore & TenantKeyRows {
  const rows: TenantKeyRows['rows'] = async (tenant) => {
    const found: Row<'tenant_key'>[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: RowPage<'tenant_key'> = await store.list(tenant, 'tenant_key', { cursor, limit: 500 });
      found.push(...page.rows);
      cursor = page.cursor;
      if (cursor === null) return found.sort((one, other) => one.value.version - other.value.version);
    }
  };
  return {
    rows,
    now: () => now(),
    read: async (tenant) => (await rows(tenant)).map((row) => row.value),
    async create(tenant, record) {
      // The name is the same for all racers, so exactly one write of a first key goes through.
      const name = nameOf(record.version);
      await store.write(tenant, [{ put: 'tenant_key', id: record.keyId, name, expect: 'absent', value: record }]);
      const stored = await store.find(tenant, 'tenant_key', name);
      if (!stored)
        throw new PatchbayError({
          code: 'storage_unavailable',
          message: "The tenant's data key was not found after it was stored. Try again.",
          retryable: true,
        });
      return stored.value;
    },
    async write(tenant, changes) {
      const puts = changes.map(({ id, expect, record }): Change => {
        return { put: 'tenant_key', id, name: nameOf(record.version), expect, value: record };
      });
      return (await store.write(tenant, puts)).status === 'written';
    },
  };
}

/** The name of a version's row: two racers cannot both make it. */
function nameOf(version: number): string {
  return `version/${version}`;
}
