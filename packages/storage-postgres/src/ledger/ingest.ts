import { PatchbayError } from '@patchbay/core';
import type { ClaimedDispatch, IngestItem, IngestVerdict, NewDispatch, RunRecord } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { revisionOf } from '../configuration/revision-of.ts';
import type { Database } from '../database/database.ts';
import { number, optionalNumber, type Row, text } from '../row.ts';
import { aroundHeld } from './around-held.ts';
import { bornDispatch } from './born-dispatch.ts';
import { checkTransaction, joinedError } from './check-transaction.ts';
import { guardDigest, ingestMarkedStatement, type PackedBatch, type Packing, packItems, revisionUnder } from './ingest-statement.ts';
import { firstRevision } from './new-runs.ts';
import { areOrdered, keysOfNew, partsByOrder, underKeys } from './ordering-keys.ts';
import { bisect, partsWithoutRepeats, storeRows } from './per-item.ts';
import { recallIngest, type Seen } from './recall-ingest.ts';
import { automationTarget } from './run-record.ts';
import { stillBorn } from './still-born.ts';

/** How often an item is tried whose guard was there and then gone: retention took it in between. */
const mostTries = 3;

interface Ingestion extends Packing {
  readonly database: Database;
  /** A transaction that is under way. */
  readonly client: ClientBase | undefined;
}

/** The run as the statement has just stored it. */
function freshRun(item: IngestItem, target: string, replay: number, now: number): RunRecord | null {
  const run = item.plan?.runs.find(({ key }) => automationTarget(key.automation) === target && key.replay === replay);
  if (run === undefined) return null;
  return { ...run, key: { ...run.key }, revision: firstRevision, startedAt: now, finishedAt: run.status === 'running' ? null : now };
}

/** What the statement stored of one item. */
interface Creation {
  /** The store's time in the statement. */
  readonly now: number;
  readonly born: { readonly dispatch: NewDispatch; readonly handle: string }[];
}

function freshlyBorn(item: IngestItem, { now, born }: Creation): ClaimedDispatch[] {
  const { lease } = item;
  if (lease === null) return [];
  return born.map(({ dispatch, handle }) =>
    bornDispatch({ dispatch, lease, handle, now, run: freshRun(item, dispatch.key.target, dispatch.key.replay, now) }),
  );
}

async function bornAgain({ database, client }: Ingestion, item: IngestItem): Promise<readonly ClaimedDispatch[]> {
  if (item.lease === null) return [];
  const keys = (item.plan?.dispatches ?? []).map((dispatch) => dispatch.key);
  return stillBorn(database, { holder: item.lease.holder, keys }, client);
}

/** What the statement stored, by index of the item. */
function createdItems({ dispatches }: PackedBatch, rows: readonly Row[]): ReadonlyMap<number, Creation> {
  const created = new Map<number, Creation>();
  for (const row of rows) {
    if (optionalNumber(row, 'ordinal') === null) created.set(number(row, 'position') - 1, { now: number(row, 'now'), born: [] });
  }
  for (const row of rows) {
    const placed = dispatches[(optionalNumber(row, 'ordinal') ?? 0) - 1];
    if (placed !== undefined) created.get(placed.position - 1)?.born.push({ dispatch: placed.dispatch, handle: text(row, 'handle') });
  }
  return created;
}

async function seenVerdict(ingestion: Ingestion, item: IngestItem, seen: Seen): Promise<IngestVerdict> {
  if (seen.root === item.root.toLowerCase()) return { status: 'created', leased: await bornAgain(ingestion, item) };
  const differs = seen.hash !== null && item.dedupe !== null && item.dedupe.hash !== null && seen.hash !== item.dedupe.hash;
  return { status: differs ? 'conflict' : 'duplicate', root: seen.root };
}

/** Verdict of an item that this statement did not store; `undefined` where it is to be tried again. */
async function missedVerdict(ingestion: Ingestion, item: IngestItem, seen: Seen | undefined): Promise<IngestVerdict | undefined> {
  if (seen !== undefined) return seenVerdict(ingestion, item, seen);
  const under = revisionUnder(item);
  if (under === undefined) return undefined;
  const revision = await revisionOf(ingestion.database, item.tenant, ingestion.client);
  const moved = revision.hub !== under.hub || revision.tenant !== under.tenant;
  return moved ? { status: 'moved', revision } : undefined;
}

/** Born leased dispatches below a root that may have been there before belong to a run that may have moved on: it is read. */
const readsRun = (item: IngestItem): boolean =>
  item.event === null && (item.plan?.dispatches.some(({ version }) => version !== null) ?? false);

/** In the host's transaction nothing may fail, as that would end it. */
const store = ({ database, client, waitMs }: Ingestion, { statements, values }: PackedBatch): Promise<readonly Row[]> =>
  waitMs !== null
    ? storeRows(database, statements, values, client)
    : database.query(ingestMarkedStatement, values, client).catch((error: unknown) => {
        throw joinedError(error);
      });

async function tryBatch(ingestion: Ingestion, items: readonly IngestItem[]): Promise<readonly (IngestVerdict | undefined)[]> {
  const { database, client } = ingestion;
  const packed = packItems(items, ingestion);
  const created = createdItems(packed, await store(ingestion, packed));
  const missed = items.flatMap((item, index) => (created.has(index) ? [] : [{ item, index }]));
  const recalled =
    missed.length === 0
      ? new Map<number, Seen>()
      : await recallIngest(
          database,
          missed.map(({ item }) => item),
          client,
        );
  const seen = new Map(missed.map(({ index }, place) => [index, recalled.get(place)]));
  return Promise.all(
    items.map(async (item, index): Promise<IngestVerdict | undefined> => {
      const made = created.get(index);
      if (made === undefined) return missedVerdict(ingestion, item, seen.get(index));
      const leased = made.born.length > 0 && readsRun(item) ? await bornAgain(ingestion, item) : freshlyBorn(item, made);
      return { status: 'created', leased };
    }),
  );
}

/** Stores a batch, and tries again what was there and then gone. */
export async function ingestBatch(ingestion: Ingestion, items: readonly IngestItem[]): Promise<readonly IngestVerdict[]> {
  let verdicts = await tryBatch(ingestion, items);
  for (let tries = 1; tries < mostTries && verdicts.includes(undefined); tries += 1) {
    const again = verdicts.flatMap((verdict, index) => (verdict === undefined ? [index] : []));
    const retried = await tryBatch(
      ingestion,
      again.flatMap((index) => items[index] ?? []),
    );
    verdicts = verdicts.map((verdict, index) => verdict ?? retried[again.indexOf(index)]);
  }
  return verdicts.map((verdict) => {
    if (verdict !== undefined) return verdict;
    const message =
      'A guard comes and goes faster than an item can be stored. Repeat the call; if it stays, look for a job that deletes fresh keys.';
    throw new PatchbayError({ code: 'storage_unavailable', message, retryable: true });
  });
}

/** Stores items whose dispatches have ordering keys: alone with those. */
const ingestInTurn = (ingestion: Ingestion, items: readonly IngestItem[]): Promise<readonly IngestVerdict[]> =>
  underKeys(ingestion.database, keysOfNew(items.flatMap(dispatchesOf)), (client) => ingestBatch({ ...ingestion, client }, items));

/** What an item stores to be done. */
export const dispatchesOf = (item: IngestItem | undefined): readonly NewDispatch[] => item?.plan?.dispatches ?? [];

const guardOf = (item: IngestItem): string => `${item.tenant.length}:${item.tenant}${guardDigest(item).toString('base64')}`;

const place = ({ tenant, root }: IngestItem): string => `${tenant}\u0000${root}`;

/**
 * The order in which rows are stored below the guards: two who add to the same events, under guards of their own, meet at the same rows and
 * must not come to them from two sides.
 */
const byRoot = (left: IngestItem, right: IngestItem): number => (place(left) < place(right) ? -1 : place(left) > place(right) ? 1 : 0);

/** Items without a state: one round trip per 64, one more where something was there already. */
export async function ingestAlone(
  database: Database,
  items: readonly IngestItem[],
  options: { readonly transaction?: ClientBase } = {},
): Promise<readonly IngestVerdict[]> {
  const client = options.transaction;
  if (client !== undefined) await checkTransaction(client, items);
  const arrivals = new Map(items.map((item, index) => [item, index]));
  const arrivalOf = (item: IngestItem): number => arrivals.get(item) ?? 0;
  const run = (some: readonly IngestItem[], waitMs: number | null): Promise<readonly IngestVerdict[]> => {
    const ingestion = { database, client, waitMs, arrivalOf };
    const isOrdered = waitMs !== null && some.some((item) => areOrdered(dispatchesOf(item)));
    return isOrdered ? ingestInTurn(ingestion, some) : ingestBatch(ingestion, some);
  };
  const verdicts: IngestVerdict[] = [];
  const busy = new Set<string>();
  for (const indexes of partsOf(items)) {
    const placed = indexes.flatMap((index) =>
      items[index] === undefined ? [] : [{ index, item: items[index], guard: guardOf(items[index]) }],
    );
    const free = placed.filter(({ guard }) => !busy.has(guard)).sort(({ item: left }, { item: right }) => byRoot(left, right));
    for (const { index } of placed) verdicts[index] = { status: 'busy' };
    if (free.length === 0) continue;
    const batch = free.map(({ item }) => item);
    // A statement that fails inside the host's transaction has ended it: there is nothing left to try.
    const results = client === undefined ? await bisect(batch, (some) => aroundHeld(some, run)) : await run(batch, null);
    for (const [position, { index, guard }] of free.entries()) {
      const verdict = results[position];
      if (verdict === undefined) continue;
      verdicts[index] = verdict;
      if (verdict.status === 'busy') busy.add(guard);
    }
  }
  return verdicts;
}

const sharesKey = (one: IngestItem, other: IngestItem): boolean => {
  const names = new Set(keysOfNew(dispatchesOf(one)).map((name) => JSON.stringify(name)));
  return keysOfNew(dispatchesOf(other)).some((name) => names.has(JSON.stringify(name)));
};

/**
 * Splits a part where the order of roots would turn two items of one ordering key round: what is stored first has the lower number, and that is
 * who came first.
 */
function partsInTurn(items: readonly IngestItem[], part: readonly number[]): readonly (readonly number[])[] {
  const parts: number[][] = [];
  for (const index of part) {
    const item = items[index];
    const current = parts.at(-1);
    const turnsRound = current?.some((earlier) => {
      const before = items[earlier];
      return item !== undefined && before !== undefined && byRoot(item, before) < 0 && sharesKey(before, item);
    });
    if (current === undefined || turnsRound === true) parts.push([index]);
    else current.push(index);
  }
  return parts;
}

/** Parts that are stored one after another: no key twice in one, and those with ordering keys apart. */
const partsOf = (items: readonly IngestItem[]): readonly (readonly number[])[] =>
  partsWithoutRepeats(items, (item) => [guardOf(item)])
    .flatMap((part) => partsByOrder(part, (index) => dispatchesOf(items[index])))
    .flatMap((part) => (part.some((index) => areOrdered(dispatchesOf(items[index]))) ? partsInTurn(items, part) : [part]));
