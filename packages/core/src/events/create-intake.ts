import type { Clock } from '../clock/clock.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { IngestItem, IngestVerdict, Plan } from '../contracts/hot-store.ts';
import type { LeaseTaker, Reservation } from '../contracts/lease-taker.ts';
import type { Planned, Postponed } from '../contracts/planner.ts';
import type { Queue } from '../contracts/queue.ts';
import type { Storage } from '../contracts/storage.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createItemStore, type StoredVerdict } from './create-item-store.ts';
import { StaleStateError } from './stale-state-error.ts';

/** A thing to be stored with a plan that is made for it. */
export interface Intended {
  readonly item: Omit<IngestItem, 'lease' | 'plan' | 'inOrder'>;
  /** Plans it; anew from the second time on. What it throws ends the intake, and nothing is stored. */
  readonly replan: (fresh: boolean) => Promise<Planned>;
  /** It never goes in without a word of the configuration that holds at the commit. */
  readonly mustPlan: boolean;
}

/** What became of it, and the plan that was stored with it; `null` where it was stored unplanned. */
export interface TakenIn {
  readonly verdict: Exclude<StoredVerdict, { readonly status: 'moved' | 'stale' }>;
  readonly plan: Plan | null;
}

/** What an intake needs. */
export interface IntakeOptions {
  readonly storage: Pick<Storage<unknown>, 'ingest'>;
  readonly leases: LeaseTaker;
  readonly queue: Pick<Queue, 'wake'>;
  readonly clock: Pick<Clock, 'nextTurn' | 'setTimer'>;
}

/** Plans of what could go in unplanned as well. */
const plansOfEvents = 2;

/** Plans of what must not. */
const mostPlans = 8;

/** Stores things with their plans; callers of one turn of the event loop go in together. */
export function createIntake(options: IntakeOptions): (intended: Intended) => Promise<TakenIn> {
  const send = createSender(options);
  return async ({ item: given, replan, mustPlan }) => {
    let item = given;
    const tries = mustPlan ? mostPlans : plansOfEvents;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const made = await replan(attempt > 0);
      const planned = made.additions === undefined ? made : withoutAdditions(made);
      item = withAdditions(given, made);
      const plan = 'postponed' in planned ? null : planned;
      const verdict = await send('postponed' in planned ? marked(item, planned) : { ...item, plan });
      if (verdict.status === 'stale') throw new StaleStateError();
      if (verdict.status !== 'moved') return { verdict, plan };
    }
    if (mustPlan) throw restless(item.event === null ? 'conflict' : 'overloaded');
    item = given;
    // The configuration moves faster than we read it: the event goes in unplanned, and a router plans it from its mark.
    // Nobody knows what it will be found to start, so it keeps to the order.
    const verdict = await send({ ...item, plan: null, inOrder: true });
    if (verdict.status === 'stale') throw new StaleStateError();
    if (verdict.status !== 'moved') return { verdict, plan: null };
    throw new PatchbayError({ code: 'internal', message: 'The store compares a revision where none was given. Report it to the adapter.' });
  };
}

/** A store is handed the plan alone. */
function withoutAdditions({ additions: _additions, ...planned }: Planned): Plan | Postponed {
  return planned;
}

/** The item with what was added to its event when it was planned. */
function withAdditions(item: Intended['item'], { additions }: Planned): Intended['item'] {
  return additions === undefined || item.event === null ? item : { ...item, event: { ...item.event, additions } };
}

/** The item as it goes in unplanned. */
function marked(item: Intended['item'], { revision, inOrder }: Postponed): Omit<IngestItem, 'lease'> {
  return { ...item, plan: null, admittedAt: revision, inOrder };
}

/** Sends one item, with slots for the dispatches that may be born in this process's hands. */
function createSender({ storage, leases, queue, clock }: IntakeOptions): (item: Omit<IngestItem, 'lease'>) => Promise<StoredVerdict> {
  const store = createItemStore({ storage, clock });
  return async (item) => {
    const handlers = item.plan?.dispatches.map(({ handler }) => handler) ?? [];
    // A replay that two people ask for at once is one item, and its leases would be named to both.
    const isReplay = item.plan?.dispatches.some(({ workClass }) => workClass === 'replay') ?? false;
    const reservation: Reservation | null = handlers.length > 0 && !isReplay ? leases.reserve(handlers) : null;
    let leased: Parameters<Reservation['take']>[0] = null;
    let first: IngestVerdict;
    try {
      first = await store.add({ ...item, lease: reservation?.lease ?? null });
      leased = first.status === 'created' ? plannedHere(first.leased, item.plan) : [];
    } finally {
      reservation?.take(leased);
    }
    // Who waits for a transaction to end holds no slots of the worker.
    const verdict = first.status === 'busy' ? await store.addPatiently({ ...item, lease: null }) : first;
    const left = verdict.status === 'created' && (item.plan === null || verdict.leased.length < handlers.length);
    // A lost wake-up costs a poll interval, so its failure is nobody's business.
    if (left) queue.wake(item.plan === null ? {} : { handlers: [...new Set(handlers)] }).catch(() => undefined);
    return verdict;
  };
}

/** What was born here, with the revision that the commit has compared. */
function plannedHere(leased: readonly ClaimedDispatch[], plan: Plan | null): readonly ClaimedDispatch[] {
  return plan === null ? leased : leased.map((dispatch) => ({ ...dispatch, plannedWith: plan.revision }));
}

function restless(code: 'conflict' | 'overloaded'): PatchbayError {
  return new PatchbayError({ code, message: "The tenant's configuration keeps changing. Try again.", retryable: true });
}
