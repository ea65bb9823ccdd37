import { createHash, createHmac, type KeyObject } from 'node:crypto';
import type { AuditRecord, ChainPoint } from '../contracts/audit-store.ts';
import { encodeFields } from './encode-fields.ts';

/** Stands before a hash that was made without a key. */
const unkeyed = 'sha256';

/** Keys of a chain by name: the active one makes hashes, all of them check what they made. */
export interface ChainKeys {
  readonly active: string;
  readonly keys: Readonly<Record<string, KeyObject>>;
}

/** The hash of a record behind a point of its chain, and how it was made. */
export interface ChainHash {
  /** The hash with the name of its key, or with `sha256` where there is none: `k1:9f86…`. */
  make(previous: ChainPoint, record: AuditRecord): string;
  /**
   * Whether a hash is that of the record: `wrong` where it is not, `unknown_key` where nobody here has its key, `unkeyed` where it is right but
   * was made without one.
   */
  check(previous: ChainPoint, record: AuditRecord, hash: string): 'right' | 'unkeyed' | 'wrong' | 'unknown_key';
}

/** Every field of a record, behind the hash and the number that it follows. */
function bytesOf(previous: ChainPoint, record: AuditRecord): Buffer {
  const { tenant, id, at, actor, action, object, connection, outcome, details, correlation } = record;
  const what = [action, object.type, object.id, connection, outcome, details, correlation];
  return encodeFields(['patchbay/audit/v1', previous.hash, previous.seq + 1, tenant, id, at, actor.kind, actor.id, ...what]);
}

/** SHA-256 over the hash before and the record, keyed (HMAC) where there are keys. */
export function createChainHash(keys: ChainKeys | null): ChainHash {
  const keyOf = (name: string): KeyObject | undefined => (keys !== null && Object.hasOwn(keys.keys, name) ? keys.keys[name] : undefined);
  const keyed = (name: string, bytes: Buffer): string | null => {
    const key = keyOf(name);
    return key === undefined ? null : `${name}:${createHmac('sha256', key).update(bytes).digest('hex')}`;
  };
  const plain = (bytes: Buffer): string => `${unkeyed}:${createHash('sha256').update(bytes).digest('hex')}`;
  return {
    make(previous, record) {
      const bytes = bytesOf(previous, record);
      return (keys === null ? null : keyed(keys.active, bytes)) ?? plain(bytes);
    },
    check(previous, record, hash) {
      const name = hash.slice(0, Math.max(0, hash.indexOf(':')));
      const bytes = bytesOf(previous, record);
      if (name === unkeyed) return plain(bytes) === hash ? 'unkeyed' : 'wrong';
      const expected = keyed(name, bytes);
      if (expected === null) return 'unknown_key';
      return expected === hash ? 'right' : 'wrong';
    },
  };
}
