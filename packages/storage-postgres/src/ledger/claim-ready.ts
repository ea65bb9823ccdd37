import type { ClaimedDispatch, ClaimRequest } from '@patchbay/core/adapter';
import type { Database } from '../database.ts';
import { flag, optionalText, type Row } from '../row.ts';
import { claimStatement } from './claim-statement.ts';
import { claimedDispatch } from './dispatch-record.ts';
import { promoteParked } from './promote-parked.ts';
import { optionalRun } from './run-record.ts';

/** Statements that one claim may take until its limit is filled; what is left after them is found by the next claim. */
const mostPasses = 8;

/** How often a claim brings parked dispatches back before it goes on without the rest of them. */
const mostPromotions = 3;

/** Where this process's last claim ended, so that the next one begins behind it. Two processes need not agree: each is fair by itself. */
export interface ClaimCursor {
  live: string;
  replay: string;
  lane: string;
}

/** A cursor at the beginning. */
export const createClaimCursor = (): ClaimCursor => ({ live: '', replay: '', lane: '' });

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
  readonly parkedDue: boolean;
}

function moveCursor(cursor: ClaimCursor, row: Row): void {
  cursor.live = optionalText(row, 'live_cursor') ?? cursor.live;
  cursor.replay = optionalText(row, 'replay_cursor') ?? cursor.replay;
  cursor.lane = optionalText(row, 'lane_cursor') ?? '';
}

async function claimPass(database: Database, cursor: ClaimCursor, request: ClaimRequest, quota: Quota): Promise<Pass> {
  const { holder, ttlMs, handlers } = request;
  const limits = [quota.total, quota.live, cursor.live, quota.replay, cursor.replay, cursor.lane, quota.first, quota.leaveParked];
  const rows = await database.query(claimStatement, [holder, ttlMs, [...handlers], ...limits]);
  const [first] = rows;
  if (first === undefined) return { claimed: [], unseen: false, more: false, parkedDue: false };
  moveCursor(cursor, first);
  const claimed = rows.filter((row) => optionalText(row, 'handle') !== null).map((row) => claimedDispatch(row, optionalRun(row)));
  return { claimed, unseen: flag(first, 'unseen'), more: flag(first, 'more'), parkedDue: flag(first, 'parked_due') };
}

/** The quota of the next pass: what is left goes to whoever waits, live work first. */
const restOf = (limit: number, claimed: number, leaveParked: boolean): Quota => {
  const rest = limit - claimed;
  return { total: rest, live: rest, replay: rest, first: 'live', leaveParked };
};

/**
 * Claims what is ready: in the first pass replays up to their share and live work for the rest, each tenant its part. What that leaves free goes
 * to whoever waits, live work first. Parked dispatches whose time has come are brought back before anything is taken.
 */
export async function claimReady(database: Database, cursor: ClaimCursor, request: ClaimRequest): Promise<readonly ClaimedDispatch[]> {
  const { limit, replayShare } = request;
  const claimed: ClaimedDispatch[] = [];
  const replay = Math.min(limit, Math.floor(limit * replayShare));
  let quota: Quota = { total: limit, live: limit, replay, first: 'replay', leaveParked: false };
  let promotions = 0;
  for (let pass = 0; pass < mostPasses && claimed.length < limit; pass += 1) {
    const found = await claimPass(database, cursor, request, quota);
    claimed.push(...found.claimed);
    if (found.parkedDue && !quota.leaveParked) {
      await promoteParked(database);
      promotions += 1;
      quota = { ...quota, leaveParked: promotions >= mostPromotions };
      continue;
    }
    // Where a second pass takes nothing although more waits, another process is taking it.
    const isFirst = quota.first === 'replay';
    if (!found.unseen && !(found.more && (isFirst || found.claimed.length > 0))) break;
    quota = restOf(limit, claimed.length, quota.leaveParked);
  }
  return claimed;
}
