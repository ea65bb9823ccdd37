import type { AmendItem, AmendVerdict, CancelRunRequest } from './amendments.ts';
import type { ClaimRequest } from './claim-request.ts';
import type {
  AttemptRecord,
  ClaimedDispatch,
  Considered,
  DispatchKey,
  EventRecord,
  NewDispatch,
  NewRun,
  Payload,
} from './dispatch-records.ts';
import type { DeferItem, FenceVerdict, Held } from './held.ts';
import type { RunChange } from './run-change.ts';
import type { StateWrite } from './state-store.ts';

/**
 * Versions of the configuration that a plan was made with: `hub` is the revision of the hub scope (subscribers), `tenant` the tenant's
 * own. For the hub scope itself both are the same number.
 */
export interface Revision {
  readonly hub: number;
  readonly tenant: number;
}

/** What planning an event gave: pure data, made in memory. */
export interface Plan {
  readonly revision: Revision;
  readonly considered: readonly Considered[];
  readonly runs: readonly NewRun[];
  readonly dispatches: readonly NewDispatch[];
}

/**
 * Asks that new dispatches are born leased to a worker of this process, as far as they are due and their gates are open. A repeated call
 * answers those that are still in that first lease, and leases no others.
 */
export interface BirthLease {
  readonly holder: string;
  readonly ttlMs: number;
  /** At most so many of the item's dispatches, in order. */
  readonly limit: number;
}

/** One thing to take in. */
export interface IngestItem {
  readonly tenant: string;
  /** The event's id, or the id minted for a direct call. */
  readonly root: string;
  /**
   * The guard against a second time; unique within the tenant. `null`: the root itself is the guard. Where both hashes are given and differ
   * it is a conflict, else a duplicate. With a new key the root may be stored already: a replay adds its plan beside what is there.
   */
  readonly dedupe: { readonly key: string; readonly hash: string | null } | null;
  /** `null` for a direct call and for a replay; then there is a plan. */
  readonly event: Omit<EventRecord, 'storedAt' | 'considered'> | null;
  /** `null`: store the event with a routing mark, to be planned by {@link HotStore.claimMarks}. */
  readonly plan: Plan | null;
  /** With an unplanned event: the configuration that let it in. Where another holds by now, the verdict is `moved`. @default none is compared */
  readonly admittedAt?: Revision;
  /**
   * With an unplanned event: it is routed behind every event of its tenant that was stored so before it. What is stored when this call
   * begins comes first; of two at once either may. @default false: marks of a tenant are routed in any order
   */
  readonly inOrder?: boolean;
  /**
   * A state of the item's tenant that is written in the same transaction where the verdict is `created` or `duplicate`: a cursor, with the events that it
   * has passed. It is looked at before all else. It expects something: whoever comes late with an older version moves nothing back. @default none
   */
  readonly state?: IngestState;
  readonly lease: BirthLease | null;
}

/** The state that goes with an item. */
export interface IngestState extends Pick<StateWrite, 'name' | 'value'> {
  readonly expect: number | 'absent';
}

/**
 * `created`: stored, by this call or an earlier one with the same guard and root. `duplicate`: the key belongs to another root.
 * `conflict`: the same key with another hash. `moved`: the configuration has changed since the plan or the admission; nothing is stored.
 * `busy`: a transaction that is still open holds the guard, or the configuration; nothing is stored, and the call may be repeated. Items beside
 * it are not held up. `stale`: the item's state is not as it expects; nothing is stored. But for that, what is there already is looked for first: a repeated
 * call is `created` although the configuration has moved.
 */
export type IngestVerdict =
  | { readonly status: 'created'; readonly leased: readonly ClaimedDispatch[] }
  | { readonly status: 'duplicate'; readonly root: string }
  | { readonly status: 'conflict'; readonly root: string }
  | { readonly status: 'moved'; readonly revision: Revision }
  | { readonly status: 'stale' }
  | { readonly status: 'busy' };

/** An event that waits to be routed, leased to one planner. */
export interface EventMark {
  readonly tenant: string;
  readonly root: string;
  readonly event: EventRecord;
  readonly fence: number;
  /** Targets already looked at; the next page goes on behind them. */
  readonly routed: number;
}

/** A page of a marked event's plan. */
export interface RoutingPage {
  readonly tenant: string;
  readonly root: string;
  readonly fence: number;
  readonly revision: Revision;
  /** Targets before this page; a page that does not continue where the last one ended is `stale`. */
  readonly from: number;
  /** Targets up to the end of this page; `routed` becomes this. */
  readonly to: number;
  /** Added to what the event has. */
  readonly considered: readonly Considered[];
  readonly runs: readonly NewRun[];
  readonly dispatches: readonly NewDispatch[];
  /** True on the last page: the mark goes. */
  readonly last: boolean;
}

/** Something that is added to a stored event. */
export interface EventAddition {
  readonly tenant: string;
  readonly root: string;
  /** What stands there now, byte for byte; `null`: nothing. */
  readonly expect: Payload | null;
  /** Takes its place. */
  readonly additions: Payload;
}

/** `conflict`: something else stands there than was expected, and it stays. `missing`: no such event of this tenant. */
export type AdditionVerdict = { readonly status: 'written' | 'conflict' | 'missing' };

/** What became of a dispatch. */
export type Settlement =
  | { readonly to: 'succeeded'; readonly output: string | null }
  /** Try again in `delayMs`; `unknown` keeps or sets `unknownSince` to the attempt's start. */
  | { readonly to: 'pending'; readonly delayMs: number; readonly reason: string; readonly unknown: boolean }
  | { readonly to: 'held' }
  | { readonly to: 'dead' }
  | { readonly to: 'cancelled' };

/** One outcome to record. */
export interface SettleItem extends Held {
  readonly key: DispatchKey;
  readonly attempt: AttemptRecord;
  readonly settlement: Settlement;
  readonly run: RunChange | null;
  /** Asks that `run.next` are born leased. */
  readonly lease: BirthLease | null;
}

/**
 * `fenced`: another holder has it, or its lease has ended, be it by another outcome of the same holder. `stale`: the run has moved on;
 * work the change out again and repeat.
 */
export type SettleVerdict =
  | { readonly status: 'settled'; readonly leased: readonly ClaimedDispatch[] }
  | { readonly status: 'fenced' }
  | { readonly status: 'stale' };

/**
 * The hot path.
 *
 * **Ordering keys.** A dispatch with an ordering belongs to a turn of its key. A turn takes the next number when its first dispatch is
 * stored, by whatever method; what follows in it has the same. A key has one turn at a time: while one has it, every dispatch of the others
 * waits, however due it is, and is neither claimed nor counted by {@link HotStore.nextDue}. A turn has the key until none of its dispatches is
 * pending, leased or held, nor dead under `block`; then the lowest number of those with such a dispatch has it, by the same act,
 * and what was due before is due from then on. A dispatch
 * that is opened again keeps its number: its turn goes on, or comes next.
 *
 * Every method takes a batch whose items carry their tenant and answers per item, in the order given; an item is
 * atomic, a batch is not. **A call may have happened although its answer was lost: repeating it with the same arguments gives the
 * same verdicts**, as long as nobody else has acted on the thing since; then it gives what a late writer gets. All times are the
 * store's clock. No lock is held between calls: what protects a dispatch is its lease and fence, and a run or dispatch whose key is stored
 * already is left as it is. A malformed item rejects the call and leaves nothing of itself; items beside it may have been stored.
 */
export interface HotStore<Transaction = never> {
  /**
   * Stores events with their runs and first dispatches, once. Items are applied in an order of their dedupe keys, so that batches with the
   * same keys in another order do not deadlock; of two items with one key in one batch the first is created. The configuration's
   * revision is compared inside the same transaction. With `transaction` the write joins the host's own: the event and its mark, without
   * plan, `admittedAt` and `state`.
   */
  ingest(items: readonly IngestItem[], options?: { readonly transaction?: Transaction }): Promise<readonly IngestVerdict[]>;
  /**
   * Leases routing marks, oldest first. Two racers never get the same mark; an expired lease is taken over. Of a tenant's
   * events that came `inOrder` only the oldest one's mark is handed out, and the next when that has gone.
   */
  claimMarks(request: { readonly holder: string; readonly limit: number; readonly ttlMs: number }): Promise<readonly EventMark[]>;
  /** Writes pages of plans (at most 500 dispatches each). `stale`: another page is due next or the revision moved. */
  recordRouting(pages: readonly RoutingPage[]): Promise<readonly { readonly status: 'done' | 'fenced' | 'stale' }[]>;
  /** Adds to stored events by compare-and-set: of racers with one expectation one is `written`. What already is as an item says counts as written. */
  addToEvents(items: readonly EventAddition[]): Promise<readonly AdditionVerdict[]>;
  /**
   * Leases due dispatches whose gate is open, fairly over tenants, oldest due first within one, and marks those with `mark: 'claim'` as in
   * flight. Two racers never get the same one. Raises `fence`; touches neither `attempts` nor `crashes` but for an expired lease.
   * A repeated claim is a new one; what a lost answer had leased is named by `extend`, and goes back by `defer` without a crash.
   */
  claim(request: ClaimRequest): Promise<readonly ClaimedDispatch[]>;
  /** Marks dispatches as in flight, before the call. Repeating it is harmless. */
  begin(items: readonly Held[]): Promise<readonly FenceVerdict[]>;
  /** Records outcomes: attempt, new status, run and following dispatches, all or nothing per item. */
  settle(items: readonly SettleItem[]): Promise<readonly SettleVerdict[]>;
  /** Gives leases back; neither attempts nor crashes change. */
  defer(items: readonly DeferItem[]): Promise<readonly FenceVerdict[]>;
  /** Extends every lease of the holder that has not yet expired, and answers which those are. One statement per process. */
  extend(request: { readonly holder: string; readonly ttlMs: number }): Promise<readonly Held[]>;
  /** Opens a new round of ended or held dispatches (`to: 'pending'` only): same key, attempts and crashes from 0. */
  reopen(items: readonly AmendItem[]): Promise<readonly AmendVerdict[]>;
  /** Ends held dispatches as a person says (never `to: 'pending'`); another ending than the recorded one is `stale`. */
  resolve(items: readonly AmendItem[]): Promise<readonly AmendVerdict[]>;
  /** Ends pending or held dispatches, and dead ones that block an ordering key, but for `to: 'dead'` (never `to: 'pending'`); one that is leased is `busy`. */
  cancel(items: readonly AmendItem[]): Promise<readonly AmendVerdict[]>;
  /** Ends a run by compare-and-set; its pending and held dispatches are cancelled with it, a leased one ends by itself. */
  cancelRun(change: CancelRunRequest): Promise<{ readonly status: 'done' | 'stale' | 'missing' }>;
  /** When the next pending dispatch is due or the next lease ends, milliseconds from now; `null` when nothing waits. Gates count. */
  nextDue(request: { readonly handlers: readonly string[] }): Promise<number | null>;
}
