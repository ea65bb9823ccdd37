import type { ClaimedDispatch, ClaimRequest } from '@patchbay/core/adapter';
import type { Database } from '../database.ts';
import { flag, optionalText } from '../row.ts';
import { batchValues } from '../sql/columns.ts';
import { beginAnywhere, type ClaimCursor, moveCursor } from './claim-cursor.ts';
import { claimStatement } from './claim-statement.ts';
import { claimedDispatches } from './claimed-dispatches.ts';
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

async function claimPass(database: Database, cursor: ClaimCursor, request: ClaimRequest, quota: Quota): Promise<Pass> {
  const { holder, ttlMs, handlers } = request;
  const limits = [quota.total, quota.live, cursor.live, quota.replay, cursor.replay, quota.first, quota.leaveParked];
  const places = batchValues(placeColumns, cursor.lanes.all());
  const rows = await database.query(claimStatement, [holder, ttlMs, [...handlers], ...limits, ...places]);
  const [first] = rows;
  if (first === undefined) return emptyPass;
  moveCursor(cursor, first);
  return {
    claimed: await claimedDispatches(
      database,
      rows.filter((row) => optionalText(row, 'handle') !== null),
    ),
    unseen: flag(first, 'unseen'),
    more: flag(first, 'more'),
    moreReplays: flag(first, 'more_replays'),
    parkedDue: flag(first, 'parked_due'),
  };
}

const replaysIn = (claimed: readonly ClaimedDispatch[]): number => claimed.filter(({ workClass }) => workClass === 'replay').length;

/** The next pass: replays go first until they have their share or no more; then what is left goes to whoever waits, live work first. */
function nextQuota(request: ClaimRequest, claimed: readonly ClaimedDispatch[], moreReplays: boolean): Omit<Quota, 'leaveParked'> {
  const rest = request.limit - claimed.length;
  const share = Math.min(request.limit, Math.floor(request.limit * request.replayShare));
  const replay = Math.min(rest, share - replaysIn(claimed));
  return moreReplays && replay > 0
    ? { total: rest, live: rest, replay, first: 'replay' }
    : { total: rest, live: rest, replay: rest, first: 'live' };
}

/**
 * Claims what is ready: replays up to their share, live work for the rest, each tenant its part; what that leaves free goes to whoever
 * waits. Mostly one statement; another where some tenant has more than its part and others have less. Parked dispatches whose time has
 * come are brought back before anything is taken.
 */
export async function claimReady(database: Database, cursor: ClaimCursor, request: ClaimRequest): Promise<readonly ClaimedDispatch[]> {
  const { limit } = request;
  const claimed: ClaimedDispatch[] = [];
  const share = Math.min(limit, Math.floor(limit * request.replayShare));
  let quota: Quota = { total: limit, live: limit, replay: share, first: 'replay', leaveParked: false };
  let promotions = 0;
  await beginAnywhere(database, cursor);
  for (let pass = 0; pass < mostPasses && claimed.length < limit; pass += 1) {
    const found = await claimPass(database, cursor, request, quota);
    claimed.push(...found.claimed);
    if (found.parkedDue && !quota.leaveParked) {
      await promoteParked(database);
      promotions += 1;
      quota = { ...quota, leaveParked: promotions >= mostPromotions };
      continue;
    }
    // Where a pass takes nothing although more waits, another process is taking it; only the first leaves a class out.
    if (!found.unseen && !(found.more && (quota.first === 'replay' || found.claimed.length > 0))) break;
    quota = { ...nextQuota(request, claimed, found.moreReplays && found.claimed.length > 0), leaveParked: quota.leaveParked };
  }
  return claimed;
}
