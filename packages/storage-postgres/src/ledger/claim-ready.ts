import type { ClaimedDispatch, ClaimRequest } from '@patchbay/core/adapter';
import type { Database } from '../database.ts';
import { flag, optionalText, type Row } from '../row.ts';
import { claimStatement } from './claim-statement.ts';
import { claimedDispatch } from './dispatch-record.ts';
import { promoteParked } from './promote-parked.ts';
import { optionalRun } from './run-record.ts';

/** Statements that one claim may take until its limit is filled; what is left after them is found by the next claim. */
const mostPasses = 6;

/** Where this process's last claim ended, so that the next one begins behind it. Two processes need not agree: each is fair by itself. */
export interface ClaimCursor {
  live: string;
  replay: string;
  lane: string;
}

/** A cursor at the beginning. */
export const createClaimCursor = (): ClaimCursor => ({ live: '', replay: '', lane: '' });

/** How much a pass may take, and of which class first. */
interface Quota {
  readonly total: number;
  readonly live: number;
  readonly replay: number;
  readonly first: 'live' | 'replay';
}

interface Pass {
  readonly claimed: readonly ClaimedDispatch[];
  /** Something is left that another pass would find. */
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
  const limits = [quota.total, quota.live, cursor.live, quota.replay, cursor.replay, cursor.lane, quota.first];
  const rows = await database.query(claimStatement, [holder, ttlMs, [...handlers], ...limits]);
  const [first] = rows;
  if (first === undefined) return { claimed: [], more: false, parkedDue: false };
  moveCursor(cursor, first);
  const claimed = rows.filter((row) => optionalText(row, 'handle') !== null).map((row) => claimedDispatch(row, optionalRun(row)));
  return { claimed, more: flag(first, 'more'), parkedDue: flag(first, 'parked_due') };
}

/**
 * Claims what is ready: in the first pass replays up to their share and live work for the rest, each tenant its part. What that leaves free goes
 * to whoever waits, live work first.
 */
export async function claimReady(database: Database, cursor: ClaimCursor, request: ClaimRequest): Promise<readonly ClaimedDispatch[]> {
  const { limit, replayShare } = request;
  const claimed: ClaimedDispatch[] = [];
  let quota: Quota = { total: limit, live: limit, replay: Math.floor(limit * replayShare), first: 'replay' };
  for (let pass = 0; pass < mostPasses && claimed.length < limit; pass += 1) {
    const found = await claimPass(database, cursor, request, quota);
    claimed.push(...found.claimed);
    if (claimed.length >= limit) break;
    if (found.parkedDue) await promoteParked(database);
    // Where a pass found nothing although more waits, it is not for this process, or another one is taking it.
    const goesOn = found.parkedDue || (found.more && (pass === 0 || found.claimed.length > 0));
    if (!goesOn) break;
    const rest = limit - claimed.length;
    quota = { total: rest, live: rest, replay: rest, first: 'live' };
  }
  return claimed;
}
