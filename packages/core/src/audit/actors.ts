import type { AuditActor } from '../contracts/audit-store.ts';

/** The hub by itself. */
export const systemActor: AuditActor = { kind: 'system', id: '' };

/** The host's program, where it names nobody. */
export const hostActor: AuditActor = { kind: 'host', id: '' };
