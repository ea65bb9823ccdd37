import type { AuditEntry, ChainPoint, Change, ListedRecord, SealItem, Storage } from '@patchbay/core/adapter';
import { expect } from 'vitest';
import { only, type Stage, statuses } from './stage.ts';

/** Where every chain begins. */
export const start: ChainPoint = { seq: 0, hash: '' };

/** An act of this id. */
export const entryOf = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  actor: { kind: 'user', id: 'ada' },
  action: 'connection.put',
  object: { type: 'connection', id: 'connection-1' },
  connection: 'connection-1',
  outcome: 'succeeded',
  details: '{"name":"main"}',
  correlation: null,
  ...more,
});

/** An act that was not recorded yet. */
export const entry = (stage: Stage, more: Partial<AuditEntry> = {}): AuditEntry => entryOf(stage.samples.newId(), more);

/** A change beside which something is recorded. */
export const subscriber = (expected: number | 'absent' = 'absent'): Change => ({
  put: 'subscriber',
  id: 's-1',
  name: 'index',
  expect: expected,
  value: { name: 'index', pattern: '*' },
});

/** Every record of a tenant, the oldest first. */
export const all = async (storage: Storage, tenant = 'acme'): Promise<readonly ListedRecord[]> =>
  (await storage.audit.page(tenant, {}, { cursor: null, limit: 500, order: 'oldest' })).items;

/** Places for what waits, with hashes that nobody computes. */
export async function placesFor(storage: Storage, tenant = 'acme'): Promise<SealItem> {
  const waiting = only((await storage.audit.unsealed({ limit: 1_000 })).filter((one) => one.tenant === tenant));
  const records = waiting.records.map(({ id }, index) => ({ id, hash: `hash-${waiting.head.seq + index + 1}` }));
  return { tenant, behind: waiting.head, records };
}

/** Records so many acts of a tenant and seals them, one by one. */
export async function chained(stage: Stage, count: number, tenant = 'acme'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await stage.storage.audit.append(tenant, [entry(stage)]);
    expect(statuses(await stage.storage.audit.seal([await placesFor(stage.storage, tenant)]))).toEqual(['sealed']);
  }
}
