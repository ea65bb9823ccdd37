import type { TenantKeyRecord } from '../contracts/configuration-records.ts';
import type { DataKey } from './data-key.ts';

/** The data keys of one tenant, as read from the store, and those of them that have been unwrapped. */
export interface KeyRing {
  readonly records: readonly TenantKeyRecord[];
  /** The version that seals; undefined where there is none, or none that has not been destroyed. */
  readonly newest: TenantKeyRecord | undefined;
  /** The least version whose envelopes open. */
  readonly minimum: number;
  readonly unwrapped: Map<TenantKeyRecord, DataKey>;
}

/** A ring over what the store holds, nothing unwrapped yet. */
export function keyRing(records: readonly TenantKeyRecord[]): KeyRing {
  const newest = records
    .filter(({ wrapped }) => wrapped !== '')
    .reduce<TenantKeyRecord | undefined>((best, record) => (best && best.version > record.version ? best : record), undefined);
  const minimum = Math.max(1, ...records.map((record) => record.minimum ?? 1));
  return { records, newest, minimum, unwrapped: new Map() };
}

/** All of the tenant's data keys have been destroyed. A tenant that never had one has lost nothing. */
export function isDestroyed({ records, newest }: KeyRing): boolean {
  return records.length > 0 && newest === undefined;
}
