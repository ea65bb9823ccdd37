import { hubScope, type RoutingPage } from '@patchbay/core/adapter';
import type { Statement } from '../database/database.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { createPack } from '../sql/pack.ts';
import { malformed } from '../storage-error.ts';
import { currentRevision } from './ingest-statement.ts';
import { insertDispatches, newDispatchColumns, type PlacedDispatch, placeDispatches } from './new-dispatches.ts';
import { insertRuns, newRunColumns, type PlacedRun, placeRuns } from './new-runs.ts';

/** Columns of the pages of a batch. */
export const pageColumns: readonly Column<RoutingPage>[] = [
  ['tenant', 'text', (page) => page.tenant],
  ['root', 'uuid', (page) => page.root],
  ['fence', 'int', (page) => page.fence],
  ['begins', 'int', (page) => page.from],
  ['ends', 'int', (page) => page.to],
];

const columns: readonly Column<RoutingPage>[] = [
  ...pageColumns,
  ['hub_revision', 'bigint', (page) => page.revision.hub],
  ['tenant_revision', 'bigint', (page) => page.revision.tenant],
  ['is_last', 'bool', (page) => page.last],
  ['considered', 'text', (page) => JSON.stringify(page.considered)],
];

const firstPage = 3;
const firstRun = firstPage + columns.length;
const firstDispatch = firstRun + newRunColumns.length;

/**
 * Names a page. The event keeps the name of the last one that was written, so that a repeated call is recognised when the mark has gone.
 */
export const pageName = (alias: string): string => `concat_ws(':', ${alias}.fence, ${alias}.begins, ${alias}.ends)`;

/**
 * Writes pages of plans, with one statement: locks the marks by their fence and place, and for those whose configuration has not moved
 * stores runs and dispatches, moves the mark on, or ends it. Parameters: the pack, the scopes that the plans were made with, the columns.
 */
export const routingStatement: Statement = {
  name: 'record_routing',
  text: (schema) => `
with moment as materialized (select ${schema}.clock() as now),
  item as materialized (select * from ${batchTable(columns, { first: firstPage, alias: 'i', ordinal: 'position' })}),
  revision as materialized (select * from ${schema}.lock_revisions($2::text[], null)),
  marked as materialized (
    select i.position, x.mark from (select * from item order by tenant, root) i
    cross join lateral (
      select m.position as mark from ${schema}.event_marks m
      where m.tenant = i.tenant and m.root = i.root and m.fence = i.fence and m.routed = i.begins
      limit 1 for update) x
    where i.tenant_revision = ${currentRevision('i.tenant')} and i.hub_revision = ${currentRevision(`'${hubScope}'`)}),
  parent as materialized (
    select i.position, i.tenant, i.root, null::text as holder, null::float8 as lease_ms, null::int as lease_limit, false as new_root
    from item i join marked k using (position)),
  moved as (
    update ${schema}.event_marks m set routed = i.ends
    from marked k join item i using (position)
    where m.position = k.mark and m.position = any (array(select mark from marked)) and not i.is_last),
  ended as (
    delete from ${schema}.event_marks m using marked k join item i using (position)
    where m.position = k.mark and m.position = any (array(select mark from marked)) and i.is_last),
  planned_events as (
    update ${schema}.events e set last_page = ${pageName('i')},
      considered = (coalesce(e.considered::jsonb, '[]') || i.considered::jsonb)::json
    from parent p join item i using (position)
    where e.tenant = p.tenant and e.id = p.root
      and e.tenant = any (array(select tenant from parent)) and e.id = any (array(select root from parent))),
  ${insertRuns({ schema, mode: 'careful', first: firstRun, parents: 'parent', adds: true, usual: false })},
  ${insertDispatches({ schema, mode: 'careful', first: firstDispatch, parents: 'parent', adds: true, usual: false })}
select position from parent`,
};

/** Parameters of {@link routingStatement}. Positions count from 1. Throws `invalid_argument` for what cannot be stored. */
export function routingValues(pages: readonly RoutingPage[]): unknown[] {
  const pack = createPack();
  const runs: PlacedRun[] = [];
  const dispatches: PlacedDispatch[] = [];
  for (const [index, page] of pages.entries()) {
    if (!(page.to >= page.from)) throw malformed('A routing page ends before it begins. Let `to` count its targets from `from` on.');
    const place = { position: index + 1, tenant: page.tenant, root: page.root };
    runs.push(...placeRuns(place, page.runs, pack));
    dispatches.push(...placeDispatches(place, page.dispatches, pack));
  }
  const scopes = [...new Set([hubScope, ...pages.map((page) => page.tenant)])];
  const values = [...batchValues(columns, pages), ...batchValues(newRunColumns, runs), ...batchValues(newDispatchColumns, dispatches)];
  return [pack.bytes(), scopes, ...values];
}
