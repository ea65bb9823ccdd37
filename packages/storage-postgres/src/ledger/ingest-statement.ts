import { hash } from 'node:crypto';
import type { IngestItem, Revision } from '@patchbay/core/adapter';
import { hubScope } from '@patchbay/core/adapter';
import type { Statement } from '../database/database.ts';
import { batchTable, batchValues, type Column } from '../sql/columns.ts';
import { createPack, slicedBytes, slicedText } from '../sql/pack.ts';
import { malformed } from '../storage-error.ts';
import { eventColumns, type PackedEvent } from './event-record.ts';
import { type IngestShape, ingestShape, ingestShapes, shapeName } from './ingest-shape.ts';
import {
  bornLeased,
  insertDispatches,
  newDispatchColumns,
  type PlacedDispatch,
  placeDispatches,
  type StoreMode,
} from './new-dispatches.ts';
import { insertRuns, newRunColumns, type PlacedRun, placeRuns } from './new-runs.ts';
import { encodePayload } from './payload.ts';

interface PackedItem {
  readonly item: IngestItem;
  /** Its place among those that the caller brought. */
  readonly arrival: number;
  readonly digest: Uint8Array;
  readonly event: PackedEvent | null;
}

/** The configuration that must hold at the commit; undefined where any may. */
export const revisionUnder = (item: IngestItem): Revision | undefined => (item.plan === null ? item.admittedAt : item.plan.revision);

const itemColumns: readonly Column<PackedItem>[] = [
  ['tenant', 'text', ({ item }) => item.tenant],
  ['root', 'uuid', ({ item }) => item.root],
  ['digest', 'bytea', ({ digest }) => digest],
  ['hash', 'text', ({ item }) => item.dedupe?.hash ?? null],
  ['keyed', 'bool', ({ item }) => item.dedupe !== null],
  ['planned', 'bool', ({ item }) => item.plan !== null],
  ['in_order', 'bool', ({ item }) => item.inOrder ?? false],
  ['hub_revision', 'bigint', ({ item }) => revisionUnder(item)?.hub ?? null],
  ['tenant_revision', 'bigint', ({ item }) => revisionUnder(item)?.tenant ?? null],
  ['holder', 'text', ({ item }) => item.lease?.holder ?? null],
  ['lease_ms', 'float8', ({ item }) => item.lease?.ttlMs ?? null],
  ['lease_limit', 'int', ({ item }) => item.lease?.limit ?? null],
  ['arrival', 'int', ({ arrival }) => arrival],
  ...eventColumns<PackedItem>(({ event }) => event),
];

const firstItem = 4;
const firstRun = firstItem + itemColumns.length;
const firstDispatch = firstRun + newRunColumns.length;

/**
 * What guards an item against a second time, as 16 bytes: the dedupe key, or the root where there is none. A digest fits the index
 * whatever the key's length, and the two kinds cannot meet.
 */
export function guardDigest(item: IngestItem): Buffer {
  const named = item.dedupe === null ? `root:${item.root}` : `key:${item.dedupe.key}`;
  return hash('sha256', named, 'buffer').subarray(0, 16);
}

/** Revision of a scope in SQL, as the statement has locked it. Needs `revision` before it. */
export const currentRevision = (scope: string): string => `coalesce((select r.revision from revision r where r.scope = ${scope}), 0)`;

// Inserting in the order of the guards is what keeps two batches with the same keys from waiting for each other in a circle.
const guardOrder = 'order by f.tenant, f.digest';

const isPlanned = `i.tenant_revision is null
      or (i.tenant_revision = ${currentRevision('i.tenant')} and i.hub_revision = ${currentRevision(`'${hubScope}'`)})`;

const insertGuards = (schema: string, source: string): string => `
    insert into ${schema}.event_dedupe (tenant, digest, root, hash, stored_at)
    select f.tenant, f.digest, f.root, f.hash, m.now from ${source} f cross join moment m ${guardOrder}`;

const insertEvents = (schema: string): string => `
    insert into ${schema}.events (tenant, id, type, source, subject, time, connection, correlation, causation, class, severity,
      registration, delivery_id, data, original, additions, considered, stored_at)
    select f.tenant, f.root, f.type, f.source, f.subject, ${schema}.moment(f.time_ms), f.connection, f.correlation, f.causation,
      f.class, f.severity, f.registration, f.delivery_id, ${slicedBytes('f', 'data')}, ${slicedBytes('f', 'original')},
      ${slicedBytes('f', 'additions')}, ${slicedText('f', 'considered')}::json, m.now
    from fresh f cross join moment m where f.type is not null`;

/** What is new is what no guard was found for; two who bring the same at once fail, one of them, and take the careful way. */
const plainParents = (schema: string): string => `
  fresh as materialized (
    select i.*, i.type is not null as new_root from item i
    where (select true from ${schema}.event_dedupe g where g.tenant = i.tenant and g.digest = i.digest limit 1) is null and (${isPlanned})),
  guard as (${insertGuards(schema, 'fresh')}),
  stored as (${insertEvents(schema)})`;

/** What is new is what a guard could be stored for. An event that is there already under another guard is left as it is. */
const carefulParents = (schema: string): string => `
  fit as materialized (select i.tenant, i.digest, i.root, i.hash from item i where ${isPlanned}),
  guard as (${insertGuards(schema, 'fit')} on conflict do nothing returning tenant, digest),
  fresh as materialized (select i.* from item i join guard g using (tenant, digest)),
  stored as (${insertEvents(schema)} on conflict do nothing returning tenant, id),
  parent as materialized (
    select f.*, s.id is not null as new_root from fresh f left join stored s on s.tenant = f.tenant and s.id = f.root
    where s.id is not null or f.type is null or f.keyed)`;

// The moment counts the revisions, so that the wait for a lock is bounded before the first guard is stored, whoever looks at a revision.
/** Common table expressions that store the guards and the events of what is new. */
const storeEvents = (schema: string, mode: StoreMode): string => `
with revision as materialized (select * from ${schema}.lock_revisions($2::text[], $3::int)),
  moment as materialized (select ${schema}.clock() as now from (select count(*) as scopes from revision) held where held.scopes >= 0),
  item as ${mode === 'careful' ? 'materialized ' : ''}(select * from ${batchTable(itemColumns, { first: firstItem, alias: 'i', ordinal: 'position' })}),
  ${mode === 'plain' ? plainParents(schema) : carefulParents(schema)}`;

/** Table expression of the items below which rows are stored. Needs {@link storeEvents} before it. */
const parentsOf = (mode: StoreMode): string => (mode === 'plain' ? 'fresh' : 'parent');

/** A common table expression that stores the routing marks of what is new and has no plan. */
const markEvents = (schema: string, mode: StoreMode): string => `,
  marked as (
    insert into ${schema}.event_marks (tenant, root, in_order)
    select p.tenant, p.root, p.in_order from ${parentsOf(mode)} p where p.new_root and not p.planned order by p.arrival)`;

/** Common table expressions that store what the plans bring. A conflict is let be where somebody has stored the event before, and then looked into. */
function storePlans(schema: string, mode: StoreMode, { adds, plans }: IngestShape): string {
  const source = { schema, mode, parents: parentsOf(mode), adds: adds || mode === 'careful', usual: plans === 'usual' };
  return `,
  ${insertRuns({ ...source, first: firstRun })},
  ${insertDispatches({ ...source, first: firstDispatch })}`;
}

const storedItems = (schema: string): string => `
select f.position, null::bigint as ordinal, null::bigint as handle, ${schema}.millis(m.now) as now from fresh f cross join moment m`;

const bornOnes = (mode: StoreMode): string => `
union all
select b.position, b.ordinal, b.handle, null from ${bornLeased(mode)} b`;

/**
 * Takes a batch in, with one statement: the guards, and behind each that was new the event, its routing mark, its runs and its first
 * dispatches. What was planned with another configuration is left out. Parameters: the pack, the scopes that the plans were made with,
 * the longest wait for a lock in ms, the columns. Answers the items that were stored, and the handles of what was born leased.
 */
const ingestText = (schema: string, mode: StoreMode, shape: IngestShape): string =>
  storeEvents(schema, mode) +
  (shape.marks ? markEvents(schema, mode) : '') +
  (shape.plans === 'none' ? '' : storePlans(schema, mode, shape)) +
  storedItems(schema) +
  (shape.plans === 'none' ? '' : bornOnes(mode));

const statementOf = (mode: StoreMode, shape: IngestShape): Statement => ({
  name: `${mode === 'plain' ? 'ingest' : 'ingest_careful'}_${shapeName(shape)}`,
  text: (schema) => ingestText(schema, mode, shape),
});

/** One statement for each shape and way that rows are stored: a statement is known by its object. */
const statements: ReadonlyMap<string, Readonly<Record<StoreMode, Statement>>> = new Map(
  ingestShapes.map((shape) => [shapeName(shape), { plain: statementOf('plain', shape), careful: statementOf('careful', shape) }]),
);

function statementsOf(shape: IngestShape): Readonly<Record<StoreMode, Statement>> {
  const found = statements.get(shapeName(shape));
  if (found === undefined) throw malformed('There is no statement for a batch of this shape.');
  return found;
}

/**
 * Takes in events without plans, for a transaction of the host's. It looks into no history, so that a transaction that stays open holds no
 * partition but the one that its events are in.
 */
export const ingestMarkedStatement: Statement = {
  name: 'ingest_marked',
  text: (schema) => ingestText(schema, 'careful', { adds: false, marks: true, plans: 'none' }),
};

function packEvent(item: IngestItem, pack: ReturnType<typeof createPack>): PackedEvent | null {
  const { event, plan } = item;
  if (event === null) {
    if (plan === null) throw malformed('An item has neither an event nor a plan. Give it one of them.');
    return null;
  }
  if (event.id !== item.root || event.tenant !== item.tenant) {
    throw malformed('The event of an item has another id or tenant than the item. Use the event as the root.');
  }
  return {
    event,
    data: pack.add(encodePayload(event.data)),
    original: event.original === null ? null : pack.add(encodePayload(event.original)),
    additions: event.additions === undefined ? null : pack.add(encodePayload(event.additions)),
    considered: plan === null || plan.considered.length === 0 ? null : pack.add(JSON.stringify(plan.considered)),
  };
}

/** How a batch is stored. */
export interface Packing {
  /** Longest wait for a lock, milliseconds; null in the host's own transaction. */
  readonly waitMs: number | null;
  /** Place of an item among those that the caller brought: its mark waits behind theirs. */
  readonly arrivalOf: (item: IngestItem) => number;
}

/** A batch as the statements of ingest take it. */
export interface PackedBatch {
  /** The statements, by the way that rows are stored. */
  readonly statements: Readonly<Record<StoreMode, Statement>>;
  readonly values: readonly unknown[];
  /** The dispatches in the order of their ordinals, which count from 1. */
  readonly dispatches: readonly PlacedDispatch[];
}

/**
 * The statements of a batch and their parameters. Positions count from 1. `waitMs` bounds each wait for a lock; in a transaction of the host's it is
 * null, and no setting is touched.
 * Throws `invalid_argument` for what cannot be stored.
 */
export function packItems(items: readonly IngestItem[], { waitMs, arrivalOf }: Packing): PackedBatch {
  const pack = createPack();
  const packed: PackedItem[] = [];
  const runs: PlacedRun[] = [];
  const dispatches: PlacedDispatch[] = [];
  const scopes = new Set<string>();
  for (const [index, item] of items.entries()) {
    const place = { position: index + 1, tenant: item.tenant, root: item.root };
    packed.push({ item, arrival: arrivalOf(item), digest: guardDigest(item), event: packEvent(item, pack) });
    if (revisionUnder(item) !== undefined) scopes.add(hubScope).add(item.tenant);
    if (item.plan === null) continue;
    runs.push(...placeRuns(place, item.plan.runs, pack));
    dispatches.push(...placeDispatches(place, item.plan.dispatches, pack));
  }
  const shape = ingestShape(items);
  const brought = shape.plans === 'none' ? [] : [...batchValues(newRunColumns, runs), ...batchValues(newDispatchColumns, dispatches)];
  const values = [pack.bytes(), [...scopes], waitMs, ...batchValues(itemColumns, packed), ...brought];
  return { statements: statementsOf(shape), values, dispatches };
}
