import type { TenantKeyRecord } from '../../contracts/configuration-records.ts';
import type { TenantKeyStore } from '../tenant-key-store.ts';

/** A key store in memory whose records a test can change, and which counts its calls. */
export interface MemoryKeyStore extends TenantKeyStore {
  readonly records: Map<string, TenantKeyRecord[]>;
  readonly calls: { read: number; create: number };
}

/** Makes an empty store that keeps its contract: the first record created for a tenant wins. */
export function createMemoryKeyStore(): MemoryKeyStore {
  const records = new Map<string, TenantKeyRecord[]>();
  const calls = { read: 0, create: 0 };
  return {
    records,
    calls,
    async read(tenant) {
      calls.read += 1;
      return (records.get(tenant) ?? []).map((record) => ({ ...record }));
    },
    async create(tenant, record) {
      calls.create += 1;
      const [stored = record] = records.get(tenant) ?? [];
      if (!records.has(tenant)) records.set(tenant, [record]);
      return { ...stored };
    },
  };
}
