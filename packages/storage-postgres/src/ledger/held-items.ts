import type { Held } from '@patchbay/core/adapter';
import type { Column } from '../sql/columns.ts';
import { handleNumber } from './handle.ts';

/** Columns that name leases. */
export const heldColumns: readonly Column<Held>[] = [
  ['tenant', 'text', (item) => item.tenant],
  ['handle', 'bigint', (item) => handleNumber(item.handle)],
  ['fence', 'int', (item) => item.fence],
];

/**
 * Common table expression `held`: the items whose lease is still the very one, each row locked. Needs `item` with the columns of {@link
 * heldColumns} and position. A dispatch with a holder is a leased one; asking for its status could be planned by the index of all that is
 * leased. Everybody who locks several dispatches locks them in the order of their handles, so nobody waits in a circle.
 */
export const lockHeld = (schema: string): string => `
  held as materialized (
    select i.position, x.handle, x.tenant, x.root, x.target, x.replay, x.path from (select * from item order by handle) i
    cross join lateral (
      select d.handle, d.tenant, d.root, d.target, d.replay, d.path from ${schema}.dispatches d
      where d.handle = i.handle and d.fence = i.fence and d.tenant = i.tenant and d.holder is not null
      limit 1 for update) x)`;
