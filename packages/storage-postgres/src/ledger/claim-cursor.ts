import type { Database, Statement } from '../database/database.ts';
import { number, optionalJson, optionalText, type Row, text } from '../row.ts';
import { createKnownLanes, type KnownLanes, type LaneHead } from './known-lanes.ts';
import { createLanePlaces, type LaneMove, type LanePlaces } from './lane-places.ts';

/** Where this process's last claim ended, so that the next one begins behind it. Two processes need not agree: each is fair by itself. */
export interface ClaimCursor {
  /** False until a beginning was chosen. */
  begun: boolean;
  /** The tenant that was served last. */
  live: string;
  replay: string;
  readonly lanes: LanePlaces;
  readonly known: KnownLanes;
}

/** A cursor at the beginning. */
export const createClaimCursor = (): ClaimCursor => ({
  begun: false,
  live: '',
  replay: '',
  lanes: createLanePlaces(),
  known: createKnownLanes(),
});

/** A dispatch by chance. The names without their last letters stand just before it. */
const anyDispatch: Statement = {
  name: 'any_dispatch',
  text: (schema) => `
select d.work_class, left(d.tenant, -1) as before, d.tenant, left(d.lane, -1) as lane from ${schema}.dispatches d
where d.handle >= (select min(b.handle) + floor(random() * (max(b.handle) - min(b.handle) + 1))::bigint from ${schema}.dispatches b)
order by d.handle limit 1`,
};

/**
 * Chooses where a process begins: anywhere. Processes that live for a few claims each, as those of a function in a cloud do, would all
 * visit the first tenants and lanes, and none the last.
 */
export async function beginAnywhere(database: Database, cursor: ClaimCursor): Promise<void> {
  if (cursor.begun) return;
  const [row] = await database.query(anyDispatch, []);
  cursor.begun = true;
  if (row === undefined) return;
  cursor.live = text(row, 'before');
  cursor.replay = cursor.live;
  const workClass = text(row, 'work_class') === 'live' ? 'live' : 'replay';
  cursor.lanes.move([{ workClass, tenant: text(row, 'tenant'), lane: text(row, 'lane') }]);
}

/** Moves the cursor to where the claim says that the next one begins, and remembers the lanes that it has found. `whole`: it stepped over nothing. */
export function moveCursor(cursor: ClaimCursor, row: Row, { whole }: { readonly whole: boolean }): void {
  cursor.live = optionalText(row, 'live_cursor') ?? cursor.live;
  cursor.replay = optionalText(row, 'replay_cursor') ?? cursor.replay;
  cursor.lanes.move(optionalJson<readonly LaneMove[]>(row, 'lane_moves') ?? []);
  const heads = optionalJson<readonly LaneHead[]>(row, 'lane_heads') ?? [];
  cursor.known.learn({ whole, now: number(row, 'store_now'), took: number(row, 'took'), heads });
}
