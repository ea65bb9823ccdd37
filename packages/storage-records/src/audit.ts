import type { AuditEntry } from '@patchbay/core/adapter';
import { newId } from './records.ts';

/** An act to record. */
export const auditEntry = (): AuditEntry => ({
  id: newId(),
  actor: { kind: 'user', id: 'ada' },
  action: 'connection.put',
  object: { type: 'connection', id: 'c-1' },
  connection: 'c-1',
  outcome: 'succeeded',
  details: '{"name":"main"}',
  correlation: null,
});
