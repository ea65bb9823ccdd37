import type { Revision } from '../contracts/hot-store.ts';

/** True where nothing that counts for a tenant has changed between the two. */
export function sameRevision(left: Revision, right: Revision): boolean {
  return left.tenant === right.tenant && left.hub === right.hub;
}
