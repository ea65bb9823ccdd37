import { createBatcher } from '../batch/create-batcher.ts';
import { sleep } from '../clock/sleep.ts';
import type { AttemptRecord, ClaimedDispatch, RunRecord } from '../contracts/dispatch-records.ts';
import type { BirthLease, DeferItem, FenceVerdict, Held, RunChange, SettleItem, SettleVerdict } from '../contracts/hot-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import type { Running } from './lease-watch.ts';
import type { Resolution } from './resolution.ts';

/** Writes what tries came to. */
export interface ResolutionWriter {
  /** Marks as in flight; false when the lease is lost. */
  begin(running: Running): Promise<boolean>;
  /** Answers what follows; `null` when the lease was lost and nothing was written. */
  write(running: Running, resolution: Resolution, durationMs: number): Promise<Written | null>;
}

/** What a write brought about. */
export interface Written {
  /** Dispatches that follow, born leased. */
  readonly leased: readonly ClaimedDispatch[];
  /** The change of the run that was written with it. */
  readonly run: RunChange | null;
}

/** Times that a write is repeated while the lease lasts; each is harmless because repeating gives the same verdict. */
const writeTries = 8;

type WriterOptions = Pick<DispatcherOptions, 'storage' | 'advancer' | 'clock' | 'holder' | 'figures' | 'random'> & {
  /** Whether what follows may be born leased here. */
  readonly mayLease: () => boolean;
};

/** A writer that coalesces all outcomes of a turn of the event loop into one statement. */
export function createResolutionWriter(options: WriterOptions): ResolutionWriter {
  const { storage, clock, holder, figures } = options;
  const settles = createBatcher<SettleItem, SettleVerdict>({
    clock,
    send: (items) => storage.settle(items),
    sizeOf: sizeOfSettle,
    compare: compareHandles,
  });
  const defers = createBatcher<DeferItem, FenceVerdict>({
    clock,
    send: (items) => storage.defer(items),
    sizeOf: () => 100,
    compare: compareHandles,
  });
  const begins = createBatcher<Held, FenceVerdict>({
    clock,
    send: (items) => storage.begin(items),
    sizeOf: () => 100,
    compare: compareHandles,
  });

  const heldOf = ({ dispatch }: Running): Held => ({ tenant: dispatch.key.tenant, handle: dispatch.handle, fence: dispatch.fence });

  const write: ResolutionWriter['write'] = async (running, resolution, durationMs) => {
    if (resolution.write === 'defer') {
      const { delayMs, reason, nothingSent } = resolution;
      const verdict = await persist(options, running, () => defers.add({ ...heldOf(running), delayMs, reason, nothingSent }));
      return verdict.status === 'done' ? { leased: [], run: null } : null;
    }
    const { dispatch } = running;
    const lane = resolution.closeLane;
    if (lane) await persist(options, running, () => storage.gates.close([{ tenant: dispatch.key.tenant, lane: dispatch.lane, ...lane }]));
    let run = dispatch.run;
    for (;;) {
      const change = resolution.end && run ? await options.advancer.advance(dispatch, run, resolution.end) : null;
      const lease: BirthLease | null =
        change && change.next.length > 0 && options.mayLease() ? { holder, ttlMs: figures.leaseMs, limit: 1 } : null;
      const item = {
        ...heldOf(running),
        key: dispatch.key,
        attempt: attemptOf(running, resolution, durationMs),
        settlement: resolution.settlement,
        run: change,
        lease,
      };
      const verdict = await persist(options, running, () => settles.add(item));
      if (verdict.status === 'settled') return { leased: verdict.leased, run: change };
      if (verdict.status === 'fenced') return null;
      run = await newerRun(options, change, run);
    }
  };

  return {
    write,
    begin: async (running) => (await persist(options, running, () => begins.add(heldOf(running)))).status === 'done',
  };
}

function compareHandles(left: Held, right: Held): number {
  return left.handle < right.handle ? -1 : left.handle > right.handle ? 1 : 0;
}

async function newerRun(options: WriterOptions, change: RunChange | null, run: RunRecord | null): Promise<RunRecord> {
  const newer = change && run ? await options.storage.history.run(change.key) : null;
  if (newer) return newer;
  throw new PatchbayError({ code: 'internal', message: 'The store calls a settlement stale that has no run. Report it to the adapter.' });
}

/** Repeats a write whose answer was an error while the lease can still be ours; an outcome that is lost would be done again. */
async function persist<Verdict>(options: WriterOptions, running: Running, write: () => Promise<Verdict>): Promise<Verdict> {
  const { clock, random } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries >= writeTries || clock.monotonic() >= running.deadline) throw error;
      await sleep(clock, Math.round(random() * Math.min(2_000, 50 * 2 ** tries)));
    }
  }
}

function attemptOf({ dispatch }: Running, resolution: Extract<Resolution, { write: 'settle' }>, durationMs: number): AttemptRecord {
  return {
    key: dispatch.key,
    number: dispatch.lastAttempt + 1,
    round: dispatch.round,
    outcome: resolution.outcome,
    startedAt: dispatch.storeNow,
    durationMs,
    holder: dispatch.holder,
    fence: dispatch.fence,
    error: resolution.error,
    retryInMs: resolution.retryInMs,
    providerRequestId: resolution.providerRequestId,
    warnings: resolution.warnings,
  };
}

function sizeOfSettle(item: SettleItem): number {
  const output = item.settlement.to === 'succeeded' ? (item.settlement.output?.length ?? 0) : 0;
  const next = item.run?.next.reduce((total, dispatch) => total + (dispatch.input?.length ?? 0), 0) ?? 0;
  return 300 + output + (item.run?.state.length ?? 0) + next;
}
