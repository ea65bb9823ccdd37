import type { TenantKeyRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';

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

/** One data key to write: a new version, or another form of one that is there. */
export interface TenantKeyChange {
  readonly id: string;
  /** The row's version that was read, or `absent`. */
  readonly expect: number | 'absent';
  readonly record: TenantKeyRecord;
}

/** The same rows, for whoever changes them. */
export interface TenantKeyRows {
  /** All data keys of a tenant with the versions of their rows, by version of the key. */
  rows(tenant: string): Promise<readonly Row<'tenant_key'>[]>;
  /** Writes all or none; answers false where a row is no longer as it was read. */
  write(tenant: string, changes: readonly TenantKeyChange[]): Promise<boolean>;
  /** The store's time, milliseconds since 1970: what rows are dated by. */
  now(): Promise<number>;
}
