import type { Clock } from '../../clock/clock.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { type DeclaredQuota, leaseDeclared } from './declared-quota.ts';
import { HeldSlice } from './held-slice.ts';
import type { SliceRequest } from './lease-slice.ts';
import type { QuotaState } from './quota-state.ts';
import { createSharedQuota, type QuotaPlace, type SharedQuota } from './shared-quota.ts';
import type { StoreTime } from './store-time.ts';
import { leaseTold, type ToldQuota } from './told-quota.ts';

/** What all limits of a process share. */
export interface LeaseWorld {
  readonly states: StateStore;
  readonly clock: Clock;
  readonly time: StoreTime;
  /** A name that no other lease has, in any process: two that hold slices of one quota are told apart by it. */
  readonly newHolder: () => string;
}

/** Whose quota it is. */
export interface LeaseOptions {
  readonly place: QuotaPlace;
  /** What is declared, asked for with each slice; `null`: there is no limit at the moment. Absent: the provider tells it. */
  readonly quota?: () => DeclaredQuota | null | Promise<DeclaredQuota | null>;
  /** Requests that wait for it. */
  readonly waiting: () => number;
  /** Told of each slice that holds something, for whoever sees to it that what is not used goes back. */
  readonly onLeased: () => void;
}

/** Milliseconds after which a store that failed is asked again, and after which it is asked whether there is a limit now. */
const againMs = 1_000;

/** Milliseconds for which the last look at a limit is believed where it says that nothing is left. */
const believedMs = 50;

/** The part of one quota that this process leases, and what it knows of the rest. Times are monotonic. */
export class QuotaLease {
  readonly slice = new HeldSlice();
  readonly shared: SharedQuota;
  /** Nothing goes before, whatever is held. */
  closedUntil = Number.NEGATIVE_INFINITY;
  /** No slice is to be had before. */
  freeAt = Number.NEGATIVE_INFINITY;
  isUnlimited = false;
  /** What it did not use of a slice that has ended is not back yet. */
  owes = false;
  readonly #holder: string;
  readonly #world: LeaseWorld;
  readonly #options: LeaseOptions;
  #told: ToldQuota | undefined;
  /** Milliseconds that the store took to answer, lately. */
  #storeMs = 0;
  #renewing: Promise<void> | undefined;

  constructor(world: LeaseWorld, options: LeaseOptions) {
    this.#world = world;
    this.#options = options;
    this.#holder = world.newHolder();
    this.shared = createSharedQuota(world.states, options.place, () => world.clock.monotonic());
  }

  /** Gets another slice. One renewal at a time: who asks while one is under way waits for it. Never rejects: a store that is away is asked again. */
  renew(wanted?: number): Promise<void> {
    this.#renewing ??= this.#lease(wanted)
      .catch(() => {
        this.freeAt = this.#world.clock.monotonic() + againMs;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  /** What an answer tells of it. Answers true where nothing remains, which was not known. */
  tell(told: ToldQuota): boolean {
    this.#told = joined(this.#told, told);
    const { slice } = this;
    if (told.remaining === undefined) return false;
    // What the provider has left is the most that can be used of what is held.
    slice.free = Math.min(slice.free, Math.max(0, told.remaining - slice.promised));
    if (told.remaining > 0 || told.endsTo === undefined || told.endsTo <= this.freeAt + againMs) return false;
    this.freeAt = told.endsTo;
    return true;
  }

  /** Lets nothing go for so long, in any process. */
  close(forMs: number): void {
    const { clock } = this.#world;
    const until = clock.monotonic() + forMs;
    if (until <= this.closedUntil) return;
    this.closedUntil = until;
    // This process knows it; where the store is away, others learn it from the provider.
    this.#writeClosed(until).catch(() => undefined);
  }

  /** Takes over what the store says: another process may have been told to stop. */
  adopt(state: QuotaState): void {
    if (state.closedUntil !== null) this.closedUntil = Math.max(this.closedUntil, state.closedUntil - this.#world.time.guess());
  }

  async #writeClosed(until: number): Promise<void> {
    const closedUntil = Math.ceil(until + (await this.#world.time.ahead()));
    await this.shared.change((state) => {
      const isKnown = (state.closedUntil ?? 0) >= closedUntil;
      return { state: isKnown ? null : { ...state, closedUntil }, result: undefined };
    });
  }

  async #lease(given?: number): Promise<void> {
    const { clock, time } = this.#world;
    const { slice, shared } = this;
    const ahead = await time.ahead();
    const quota = this.#options.quota === undefined ? undefined : await this.#options.quota();
    this.isUnlimited = quota === null;
    if (quota === null) {
      slice.until = clock.monotonic() + againMs;
      return;
    }
    const wanted = given ?? slice.wanted(clock.monotonic(), this.#options.waiting());
    if (clock.monotonic() - shared.readAt > believedMs && this.#seemsSpent(quota, ahead)) await shared.read();
    let told = { used: 0, at: 0 };
    const leased = await shared.change((state) => {
      const at = clock.monotonic();
      if (at >= slice.until && slice.expire() > 0) this.owes = true;
      told = { used: slice.used, at };
      const left = slice.free + slice.promised;
      const next = this.#next(state, quota, { at, ahead, left, wanted });
      return { state: isNothing(state, next.state, this.#holder) ? null : next.state, result: next };
    });
    this.owes = false;
    this.#storeMs = Math.max(this.#storeMs / 2, clock.monotonic() - told.at);
    const meanwhile = slice.used - told.used;
    slice.used = meanwhile;
    slice.renew({ count: leased.count, until: leased.until - ahead, at: told.at }, { told: told.used, meanwhile });
    if (leased.state.closedUntil !== null) this.closedUntil = Math.max(this.closedUntil, leased.state.closedUntil - ahead);
    // A store that took longer than the slice lives has given nothing.
    const isGood = leased.count > 0 && slice.until > clock.monotonic();
    if (isGood) this.#options.onLeased();
    const isLeft = wanted === 0 && leased.freeAt === 0;
    this.freeAt = isGood || isLeft ? Number.NEGATIVE_INFINITY : Math.max(clock.monotonic() + 1, leased.freeAt - ahead);
  }

  #next(
    state: QuotaState,
    quota: DeclaredQuota | undefined,
    { at, ahead, ...given }: Pick<SliceRequest, 'left' | 'wanted'> & { readonly at: number; readonly ahead: number },
  ) {
    const { used, usedAt } = this.slice;
    const request: SliceRequest = {
      ...given,
      holder: this.#holder,
      now: at + ahead,
      used,
      usedAt: usedAt + ahead,
      storeMs: this.#storeMs,
    };
    return quota === undefined ? leaseTold(state, request, this.#toldAt(ahead)) : leaseDeclared(state, quota, request);
  }

  #seemsSpent(quota: DeclaredQuota | undefined, ahead: number): boolean {
    const { shared, slice } = this;
    const probe = { holder: '', now: this.#world.clock.monotonic() + ahead, left: 0, used: 0, usedAt: 0, wanted: 1 };
    if (slice.free + slice.promised > 0) return false;
    return (quota === undefined ? leaseTold(shared.last, probe) : leaseDeclared(shared.last, quota, probe)).count === 0;
  }

  /** What answers have told, on the store's clock. */
  #toldAt(ahead: number): ToldQuota | undefined {
    const told = this.#told;
    const moved = (at: number | undefined): number | undefined => (at === undefined ? undefined : at + ahead);
    return told && { ...told, endsFrom: moved(told.endsFrom), endsTo: moved(told.endsTo) };
  }
}

/** Two words of one window are one, with the lower figure. */
function joined(known: ToldQuota | undefined, told: ToldQuota): ToldQuota {
  const isSame = known?.endsTo !== undefined && told.endsFrom !== undefined && told.endsFrom <= known.endsTo + againMs;
  if (!isSame || known.remaining === undefined) return told;
  return { ...told, remaining: Math.min(known.remaining, told.remaining ?? known.remaining) };
}

function isNothing(before: QuotaState, after: QuotaState, holder: string): boolean {
  if (Object.hasOwn(before.slices, holder) || Object.hasOwn(after.slices, holder)) return false;
  return before.limit === after.limit && before.resetsAt === after.resetsAt && before.remaining === after.remaining;
}
