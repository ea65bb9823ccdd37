import type { Revision } from '@patchbay/core/adapter';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** The hub's own scope, as the contract names it. */
const hubScope = '';

const find = 'select revision from configuration_revisions where scope = ?';

/** Revision of one scope, 0 where nothing was ever written. */
export function scopeRevision(session: Session, scope: string): number {
  const row = session.get(find, scope);
  return row === undefined ? 0 : number(row, 'revision');
}

/** The revisions of the hub and of the tenant now. */
export const revisionOf = (session: Session, tenant: string): Revision => ({
  hub: scopeRevision(session, hubScope),
  tenant: scopeRevision(session, tenant),
});

/** True when both revisions are the same. */
export const sameRevision = (left: Revision, right: Revision): boolean => left.hub === right.hub && left.tenant === right.tenant;
