import type { AuditEntry, AuditFilter, ChainPoint } from '../contracts/audit-store.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { systemActor } from './actors.ts';

/** The act of taking away what is past retention. */
const action = 'audit.prune';

/** Finds such records. */
export const pruneFilter: AuditFilter = { action, actorKind: systemActor.kind };

/** The record that says how far a chain was taken away. */
export const pruneEntry = (id: string, through: ChainPoint, before: number): AuditEntry => ({
  id,
  actor: systemActor,
  action,
  object: { type: 'audit', id: 'chain' },
  connection: null,
  outcome: 'succeeded',
  details: JSON.stringify({ seq: through.seq, hash: through.hash, before }),
  correlation: null,
});

/** The point that such a record names; `null` for any other record. */
export function prunedPoint({ action: found, actor, details }: Pick<AuditEntry, 'action' | 'actor' | 'details'>): ChainPoint | null {
  if (found !== action || actor.kind !== 'system') return null;
  let said: unknown;
  try {
    said = JSON.parse(details);
  } catch {
    return null;
  }
  if (!isJsonObject(said)) return null;
  const { seq, hash } = said;
  return typeof seq === 'number' && typeof hash === 'string' ? { seq, hash } : null;
}
