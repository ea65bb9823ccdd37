import type { ClaimedDispatch, ClaimRequest } from '@patchbay/core/adapter';
import type { Database } from '../database/database.ts';
import { flag, optionalText } from '../row.ts';
import { batchValues } from '../sql/columns.ts';
import { beginAnywhere, type ClaimCursor, moveCursor } from './claim-cursor.ts';
import { claimKnownStatement, claimStatement } from './claim-statement.ts';
import { claimedDispatches } from './claimed-dispatches.ts';
import { knownColumns, type Reach } from './known-lanes.ts';
import { placeColumns } from './lane-places.ts';
import { promoteParked } from './promote-parked.ts';

/** Statements that one claim may take until its limit is filled; what is left after them is found by the next claim. */
const mostPasses = 8;

/** How often a claim brings parked dispatches back before it goes on without the rest of them. */
const mostPromotions = 3;

/** How much a pass may take, of which class first, and whether it leaves what is parked and due behind. */
interface Quota {
  readonly total: number;
  readonly live: number;
  readonly replay: number;
  readonly first: 'live' | 'replay';
  readonly leaveParked: boolean;
  readonly reach: Reach;
}

interface Pass {
  readonly claimed: readonly ClaimedDispatch[];
  /** Tenants or lanes were left out: another pass visits them. */
  readonly unseen: boolean;
  /** What was visited has more than its part. */
  readonly more: boolean;
  /** The same of replays alone. */
  readonly moreReplays: boolean;
  readonly parkedDue: boolean;
}

const emptyPass: Pass = { claimed: [], unseen: false, more: false, moreReplays: false, parkedDue: false };

/** One look, everywhere or into the lanes that are known. Learns from what it finds. */
async function claimPass(database: Database, cursor: ClaimCursor, request: ClaimRequest, quota: Quota): Promise<Pass> {
  const { holder, ttlMs, handlers, without = [] } = request;
  // No tenant has a line end in its name.
  const leftOut = without.map(({ tenant, lane }) => `${tenant}\n${lane}`);
  const everywhere = quota.reach === 'everywhere';
  const known = cursor.known.all().map((lane) => (quota.reach === 'known' ? lane : { ...lane, floor: 0 }));
  const limits = [quota.total, quota.live, cursor.live, quota.replay, cursor.replay, quota.first, quota.leaveParked];
  const lanes = everywhere ? batchValues(placeColumns, cursor.lanes.all()) : batchValues(knownColumns, known);
  const statement = everywhere ? claimStatement : claimKnownStatement;
  const rows = await database.query(statement, [holder, ttlMs, [...handlers], ...limits, leftOut, ...lanes]);
  const [first] = rows;
  if (first === undefined) return emptyPass;
  const unseen = flag(first, 'unseen');
  moveCursor(cursor, first, { whole: everywhere || (quota.reach === 'known from the start' && !unseen) });
  return {
    claimed: await claimedDispatches(
      database,
      rows.filter((row) => optionalText(row, 'handle') !== null),
    ),
    unseen,
    more: flag(first, 'more'),
    moreReplays: flag(first, 'more_replays'),
    parkedDue: flag(first, 'parked_due'),
  };
}

const replaysIn = (claimed: readonly ClaimedDispatch[]): number => claimed.filter(({ workClass }) => workClass === 'replay').length;

/** The next limits: replays go first until they have their share or no more; then what is left goes to whoever waits, live work first. */
function nextLimits(
  request: ClaimRequest,
  claimed: readonly ClaimedDispatch[],
  moreReplays: boolean,
): Omit<Quota, 'leaveParked' | 'reach'> {
  const rest = request.limit - claimed.length;
  const share = Math.min(request.limit, Math.floor(request.limit * request.replayShare));
  const replay = Math.min(rest, share - replaysIn(claimed));
  return moreReplays && replay > 0
    ? { total: rest, live: rest, replay, first: 'replay' }
    : { total: rest, live: rest, replay: rest, first: 'live' };
}

/** What the next pass is to do, `null` where none is needed. */
function nextQuota(
  request: ClaimRequest,
  claimed: readonly ClaimedDispatch[],
  last: { readonly quota: Quota; readonly found: Pass },
): Quota | null {
  const { quota, found } = last;
  // A lane that is not known: nothing was looked at.
  if (quota.reach !== 'everywhere' && found.unseen) return { ...quota, reach: 'everywhere' };
  // Where a pass takes nothing although more waits, another process is taking it; only the first leaves a class out.
  if (found.unseen || (found.more && (quota.first === 'replay' || found.claimed.length > 0)))
    return { ...quota, ...nextLimits(request, claimed, found.moreReplays && found.claimed.length > 0) };
  return quota.reach === 'known' && claimed.length === 0 ? { ...quota, reach: 'known from the start' } : null;
}

/**
 * Claims what is ready: replays up to their share, live work for the rest, each tenant its part; what that leaves free goes to whoever
 * waits. Mostly one statement; another where some tenant has more than its part and others have less, or where nothing is found in the
 * lanes that are known. Parked dispatches whose time has come are brought back before anything is taken.
 */
export async function claimReady(database: Database, cursor: ClaimCursor, request: ClaimRequest): Promise<readonly ClaimedDispatch[]> {
  const { limit } = request;
  const claimed: ClaimedDispatch[] = [];
  const replay = Math.min(limit, Math.floor(limit * request.replayShare));
  const reach = cursor.known.reach;
  let quota: Quota | null = { total: limit, live: limit, replay, first: 'replay', leaveParked: false, reach };
  let promotions = 0;
  await beginAnywhere(database, cursor);
  for (let pass = 0; pass < mostPasses && claimed.length < limit && quota !== null; pass += 1) {
    const found: Pass = await claimPass(database, cursor, request, quota);
    claimed.push(...found.claimed);
    if (found.parkedDue && !quota.leaveParked) {
      // They were due before what has been seen in their lanes.
      await promoteParked(database);
      promotions += 1;
      quota = {
        ...quota,
        leaveParked: promotions >= mostPromotions,
        reach: quota.reach === 'known' ? 'known from the start' : quota.reach,
      };
    } else quota = nextQuota(request, claimed, { quota, found });
  }
  return claimed;
}
