import { createSecretKey } from 'node:crypto';
import type { AuditRecord, ChainPoint, SealedRecord } from '../../contracts/audit-store.ts';
import { type ChainHash, createChainHash } from '../chain-hash.ts';

/** A key that makes the same hashes in every run. */
export const sampleKey = (letter: string) => createSecretKey(Buffer.from(letter.repeat(32)));

/** A hash with one key. */
export const sampleHash = (letter = 'k'): ChainHash => createChainHash({ active: 'k1', keys: { k1: sampleKey(letter) } });

/** A record of one tenant. */
export const sampleRecord = (number: number, more: Partial<AuditRecord> = {}): AuditRecord => ({
  tenant: 'acme',
  id: `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  at: 1_790_000_000_000 + number,
  actor: { kind: 'user', id: `user-${number % 3}` },
  action: 'connection.put',
  object: { type: 'connection', id: `connection-${number}` },
  connection: number % 2 === 0 ? `connection-${number}` : null,
  outcome: 'succeeded',
  details: `{"name":"main","number":${number}}`,
  correlation: null,
  ...more,
});

/** The records sealed one behind the other. */
export function sealAll(records: readonly AuditRecord[], hash: ChainHash, base: ChainPoint = { seq: 0, hash: '' }): SealedRecord[] {
  let point = base;
  return records.map((record) => {
    point = { seq: point.seq + 1, hash: hash.make(point, record) };
    return { ...record, ...point };
  });
}

/** A chain of so many records. */
export const sampleChain = (length: number, hash: ChainHash): SealedRecord[] =>
  sealAll(
    Array.from({ length }, (_, index) => sampleRecord(index + 1)),
    hash,
  );
