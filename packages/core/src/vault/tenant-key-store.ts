import type { TenantKeyRecord } from '../contracts/configuration-store.ts';

/**
 * Where the wrapped data keys of tenants lie. A record whose `wrapped` is empty has been destroyed for good; it stays, so that no new key
 * takes its place unnoticed.
 */
export interface TenantKeyStore {
  /** All data keys of a tenant, in any order; none for a tenant that has never sealed anything. */
  read(tenant: string): Promise<readonly TenantKeyRecord[]>;
  /**
   * Stores a tenant's first data key, or leaves the one that is there, and answers what is stored afterwards. Of any number of racers one
   * wins and all are answered the winner's record. Repeating a call changes nothing.
   */
  create(tenant: string, record: TenantKeyRecord): Promise<TenantKeyRecord>;
}
