import type { ConfigurationStore } from './contracts/configuration-store.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { TenantKeyStore } from './vault/tenant-key-store.ts';

/** Keeps tenants' wrapped data keys in the configuration store. */
export function tenantKeyStore(store: ConfigurationStore): TenantKeyStore {
  const read: TenantKeyStore['read'] = async (tenant) => {
    const page = await store.list(tenant, 'tenant_key', { cursor: null, limit: 500 });
    return page.rows.map((row) => row.value);
  };
  return {
    read,
    async create(tenant, record) {
      // The name is the same for all racers, so exactly one write of a first key goes through.
      const name = `version/${record.version}`;
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
  };
}
