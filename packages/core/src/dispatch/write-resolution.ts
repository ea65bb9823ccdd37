import { createBatcher } from '../batch/create-batcher.ts';
import type { ClaimedDispatch, RunRecord } from '../contracts/dispatch-records.ts';
import type { DeferItem, FenceVerdict, Held } from '../contracts/held.ts';
import type { SettleItem, SettleVerdict } from '../contracts/hot-store.ts';
import type { RunChange } from '../contracts/run-change.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import type { Running } from './lease-watch.ts';
import { persist } from './persist.ts';
import type { Resolution } from './resolution.ts';
import { createRunTurns } from './run-turns.ts';
import { compareHandles, heldOf, settleItemOf, sizeOfSettle, unstorable } from './settle-item.ts';
import { newerRun, workOutChange } from './work-out-change.ts';

/** Writes what tries came to. Each method repeats until the store has given its verdict, and throws only when this process gives up. */
export interface ResolutionWriter {
  /** Marks as in flight; false when the lease is lost. */
  begin(running: Running): Promise<boolean>;
  /** Answers what follows; `null` when the lease was lost and nothing was written. */
  write(running: Running, resolution: Resolution, durationMs: number): Promise<Written | null>;
  /** Gives a lease back of which nothing was used. */
  giveBack(dispatch: ClaimedDispatch, reason: string): Promise<void>;
}

/** What a write brought about. */
export interface Written {
  /** What was written; something else than was asked for where the store refused that. */
  readonly resolution: Resolution;
  /** Dispatches that follow, born leased. */
  readonly leased: readonly ClaimedDispatch[];
  /** The change of the run that was written with it. */
  readonly run: RunChange | null;
}

/** What a writer needs. */
export type WriterOptions = Pick<DispatcherOptions, 'storage' | 'advancer' | 'clock' | 'holder' | 'figures' | 'random' | 'logger'> & {
  /** Whether what follows, of these handlers, may be born leased here. */
  readonly mayLease: (handlers: readonly string[]) => boolean;
  /** Called when nothing is left of a dispatch but to write its outcome, and nothing follows it in its slot. */
  readonly leaveSlot: (running: Running) => void;
  /** Aborts when this process stops for good. */
  readonly giveUp: AbortSignal;
};

type Settle = Extract<Resolution, { write: 'settle' }>;

/** A writer that coalesces all outcomes of a turn of the event loop into one statement. */
export function createResolutionWriter(options: WriterOptions): ResolutionWriter {
  const { storage, clock, holder, figures, logger, giveUp } = options;
  const turns = createRunTurns();
  const common = { clock, compare: compareHandles };
  const settles = createBatcher<SettleItem, SettleVerdict>({ ...common, send: (items) => storage.settle(items), sizeOf: sizeOfSettle });
  const defers = createBatcher<DeferItem, FenceVerdict>({ ...common, send: (items) => storage.defer(items), sizeOf: () => 100 });
  const begins = createBatcher<Held, FenceVerdict>({ ...common, send: (items) => storage.begin(items), sizeOf: () => 100 });

  const settle = (running: Running, resolution: Settle, durationMs: number): Promise<Written | null> => {
    const { run } = running.dispatch;
    const write = (known: RunRecord | null): Promise<Written | null> => settleUpon(known, running, resolution, durationMs);
    return run === null || resolution.end === null ? write(run) : turns.take(run, write);
  };

  const settleUpon = async (known: RunRecord | null, running: Running, resolution: Settle, durationMs: number): Promise<Written | null> => {
    const { dispatch } = running;
    let run = known;
    let hasLeft = false;
    for (let times = 0; ; times += 1) {
      const change = resolution.end && run ? await workOutChange(options, { dispatch, run, end: resolution.end }) : null;
      const following = (change?.next ?? []).map(({ handler }) => handler);
      const mayLease = following.length > 0 && !hasLeft && options.mayLease(following);
      const lease = mayLease ? { holder, ttlMs: figures.leaseMs, limit: 1 } : null;
      if (lease === null && !hasLeft) {
        hasLeft = true;
        options.leaveSlot(running);
      }
      const item = settleItemOf({ dispatch, resolution, durationMs, change, lease });
      const verdict = await persist(options, () => settles.add(item));
      if (verdict.status === 'settled') return { resolution, leased: verdict.leased, run: change };
      if (verdict.status === 'fenced') return null;
      run = await newerRun(options, { change, times });
    }
  };

  const hold = async (dispatch: ClaimedDispatch, resolution: Settle, durationMs: number): Promise<Written | null> => {
    logger.error('an outcome cannot be stored; the dispatch is held', { handler: dispatch.handler, outcome: resolution.outcome });
    const instead = unstorable(resolution.outcome);
    const item = settleItemOf({ dispatch, resolution: instead, durationMs, change: null, lease: null });
    // Nothing of it comes from outside, so what the store has against it is its own trouble, and passes.
    const { status } = await persist({ ...options, evenRefused: true }, () => settles.add(item));
    return status === 'settled' ? { resolution: instead, leased: [], run: null } : null;
  };

  return {
    begin: async ({ dispatch }) => (await persist(options, () => begins.add(heldOf(dispatch)))).status === 'done',
    async giveBack(dispatch, reason) {
      await persist(options, () => defers.add({ ...heldOf(dispatch), delayMs: 0, reason, nothingSent: true }));
    },
    async write(running, resolution, durationMs) {
      const { dispatch } = running;
      if (resolution.write === 'defer') {
        const { delayMs, reason, nothingSent } = resolution;
        const { status } = await persist(options, () => defers.add({ ...heldOf(dispatch), delayMs, reason, nothingSent }));
        return status === 'done' ? { resolution, leased: [], run: null } : null;
      }
      try {
        const lane = resolution.closeLane;
        if (lane) await persist(options, () => storage.gates.close([{ tenant: dispatch.key.tenant, lane: dispatch.lane, ...lane }]));
        return await settle(running, resolution, durationMs);
      } catch (error) {
        // Whatever else went wrong, the try is over: leaving it to its lease would have it done again.
        if (giveUp.aborted) throw error;
        return hold(dispatch, resolution, durationMs);
      }
    },
  };
}
