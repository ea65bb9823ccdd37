import type { DispatchFilter, DispatchKey, DispatchRecord, HistoryPage, HistoryStore, PageRequest } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants } from '../database/scope.ts';
import { dispatchRecord, endedColumns, openColumns } from '../ledger/dispatch-record.ts';
import { automationTarget } from '../ledger/run-record.ts';
import { number, text } from '../row.ts';
import { deadCondition } from '../schema/dead-list.ts';
import { deliveryCondition } from '../schema/exchanges.ts';
import { isUuid } from './is-uuid.ts';
import { pageOf, parseCursor, rowsFor } from './page.ts';

const byKey = 'd.tenant = $1 and d.root = $2::uuid and d.target = $3 and d.replay = $4::int and d.path = $5';

/** A dispatch stands in one of the two tables at any moment of a statement. */
const one: Statement = {
  name: 'dispatch',
  text: (schema) => `
select ${openColumns(schema, 'd')} from ${schema}.dispatches d where ${byKey}
union all select ${endedColumns(schema, 'd')} from ${schema}.dispatch_history d where ${byKey}`,
};

type Order = 'asc' | 'desc';

/** Ids that nothing has: bounds where none is given, so that there is always one that an index can begin or end at. */
const lowest = '00000000-0000-0000-0000-000000000000';
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const inOrder = (order: Order): string => `order by d.root ${order}, d.target ${order}, d.replay ${order}, d.path ${order}`;

const chosen = (order: Order, status: string): string => `d.tenant = $1 and ($2::uuid is null or d.root = $2)
    and ($3::text is null or d.target = $3) and ($4::int is null or d.replay = $4) and ${status}
    and ($6::uuid is null or (d.root, d.target, d.replay, d.path) ${order === 'asc' ? '>' : '<'} ($6, $7::text, $8::int, $9::text))
    and ($11::text is null or d.operation = $11) and d.root >= coalesce($12::uuid, '${lowest}') and d.root < coalesce($13::uuid, '${highest}')
  ${inOrder(order)} limit $10::int`;

const anyStatus = '($5::text is null or d.status = $5)';

/** Each table gives its part of the page in order by its own key; the page is the first of both. */
const many = (order: Order): Statement => ({
  name: `dispatches_${order}`,
  text: (schema) => `
select * from (
  (select ${openColumns(schema, 'd')} from ${schema}.dispatches d where ${chosen(order, anyStatus)})
  union all
  (select ${endedColumns(schema, 'd')} from ${schema}.dispatch_history d where ${chosen(order, anyStatus)})) d
${inOrder(order)} limit $10`,
});

/** The dead ones have all ended. The word stands in the statement, so that the index of the few that are dead serves it. */
const dead = (order: Order): Statement => ({
  name: `dead_dispatches_${order}`,
  text: (schema) => `
select ${endedColumns(schema, 'd')} from ${schema}.dispatch_history d where ${chosen(order, `$5::text is not null and ${deadCondition}`)}`,
});

// The condition stands in the statement, and the target is compared with no way round it, so that the index of deliveries serves the list of an endpoint.
const deliveries = (order: Order): Statement => ({
  name: `deliveries_${order}`,
  text: (schema) => {
    const wanted = `${deliveryCondition} and d.target = $3::text and ${anyStatus}`;
    return `
select * from (
  (select ${openColumns(schema, 'd')} from ${schema}.dispatches d where ${chosen(order, wanted)})
  union all
  (select ${endedColumns(schema, 'd')} from ${schema}.dispatch_history d where ${chosen(order, wanted)})) d
${inOrder(order)} limit $10`;
  },
});

const pages = {
  newest: { many: many('desc'), dead: dead('desc'), deliveries: deliveries('desc') },
  oldest: { many: many('asc'), dead: dead('asc'), deliveries: deliveries('asc') },
} as const;

const lastReplay: Statement = {
  name: 'last_replay',
  text: (schema) => `
select greatest(
  (select max(replay) from ${schema}.dispatches where tenant = $1 and root = $2::uuid and target = $3),
  (select max(replay) from ${schema}.dispatch_history where tenant = $1 and root = $2 and target = $3),
  (select max(replay) from ${schema}.runs where tenant = $1 and root = $2 and '${automationTarget('')}' || automation = $3),
  (select max(replay) from ${schema}.run_history where tenant = $1 and root = $2 and '${automationTarget('')}' || automation = $3),
  -1) as replay`,
};

const listOf = ({ target, status }: DispatchFilter): 'many' | 'dead' | 'deliveries' => {
  if (target?.startsWith('endpoint:') === true) return 'deliveries';
  return status === 'dead' ? 'dead' : 'many';
};

async function dispatches(
  database: OpenDatabase,
  tenant: string,
  filter: DispatchFilter,
  page: PageRequest,
): Promise<HistoryPage<DispatchRecord>> {
  const { root, target, replay, status, operation, from, below } = filter;
  const place = parseCursor(page.cursor, 4);
  if (root !== undefined && !isUuid(root)) return { items: [], cursor: null };
  const first = [tenant, root ?? null, target ?? null, replay ?? null, status ?? null, ...place, rowsFor(page)];
  const values = [...first, operation ?? null, from ?? null, below ?? null];
  const { [listOf(filter)]: statement } = pages[page.order ?? 'newest'];
  return pageOf(await database.within(tenants(tenant)).query(statement, values), page, {
    item: dispatchRecord,
    placeOf: (row) => [text(row, 'root'), text(row, 'target'), text(row, 'replay'), text(row, 'path')],
  });
}

/** Reads of dispatches. */
export const dispatchHistory = (database: OpenDatabase): Pick<HistoryStore, 'dispatch' | 'dispatches' | 'lastReplay'> => ({
  async dispatch({ tenant, root, target, replay, path }: DispatchKey) {
    const [row] = isUuid(root) ? await database.within(tenants(tenant)).query(one, [tenant, root, target, replay, path]) : [];
    return row === undefined ? null : dispatchRecord(row);
  },
  dispatches: (tenant, filter, page) => dispatches(database, tenant, filter, page),
  async lastReplay(tenant, root, target) {
    const [row] = isUuid(root) ? await database.within(tenants(tenant)).query(lastReplay, [tenant, root, target]) : [];
    return row === undefined ? -1 : number(row, 'replay');
  },
});
