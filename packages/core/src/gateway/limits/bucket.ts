import type { Timer } from '../../clock/clock.ts';
import type { PatchbayError } from '../../errors/patchbay-error.ts';
import type { GuardedCall } from '../call-guard.ts';
import { type LeaseOptions, type LeaseWorld, QuotaLease } from './quota-lease.ts';
import type { ToldQuota } from './told-quota.ts';
import { WaitingLine } from './waiting-line.ts';

/** What all buckets of a process share. */
export interface BucketWorld extends LeaseWorld {
  /** Told of each bucket that holds a slice: what is not used of it is to go back. */
  readonly onLeased: (bucket: Bucket) => void;
  /** Requests that may wait for one limit; one more is refused. */
  readonly mostWaiting: number;
}

/** Who says so. `headers`: the provider's answers; `declared`: the connector; `host`: the host, of a connection; `plan`: the tenant's plan. */
export type LimitSource = 'headers' | 'declared' | 'host' | 'plan';

/** What one bucket is of. */
export interface BucketOptions extends Omit<LeaseOptions, 'waiting' | 'onLeased'> {
  /** Name of the limit, for people. */
  readonly name: string;
  readonly source: LimitSource;
  /** It only closes, and counts nothing. */
  readonly isClosure?: boolean;
  /** It counts one kind of request alone. */
  readonly perMethod?: boolean;
  /** What a request is told that cannot wait so long. */
  readonly refuse: (call: GuardedCall, waitMs: number) => PatchbayError;
  /** Told where requests begin to wait or are refused, not for each of them. */
  readonly onLimited: (call: GuardedCall, waitMs: number) => void;
}

/** Milliseconds between two notices of one limit that is reached again and again. */
const quietMs = 10_000;

/** Longer than this is told of at once: whoever waits had better do something else. Milliseconds. */
const longMs = 2_000;

/** One limit as this process has it: the slice that it leases, and a line for those who must wait. */
export class Bucket {
  readonly options: BucketOptions;
  readonly lease: QuotaLease;
  readonly #world: BucketWorld;
  #line: WaitingLine | undefined;
  #isPumping = false;
  /** The line turns to what was promised last. */
  #handing: Promise<void> | undefined;
  #quietUntil = Number.NEGATIVE_INFINITY;
  #longUntil = Number.NEGATIVE_INFINITY;

  constructor(world: BucketWorld, options: BucketOptions) {
    this.#world = world;
    this.options = options;
    this.lease = new QuotaLease(world, { ...options, waiting: () => this.waiting, onLeased: () => world.onLeased(this) });
  }

  get waiting(): number {
    return this.#line?.size ?? 0;
  }

  /** Monotonic time since which the first one waits. */
  get waitingSince(): number | null {
    return this.#line?.since ?? null;
  }

  /** True where a request may go at once. */
  isReady(now: number): boolean {
    const { lease } = this;
    if (now < lease.closedUntil || this.waiting > 0) return false;
    return this.#isFree || (lease.slice.free > 0 && now < lease.slice.until);
  }

  /** Takes what {@link isReady} has promised in the same turn. */
  take(now: number): void {
    const { slice } = this.lease;
    if (!this.#isFree) slice.take(now);
    if (this.#isFree ? this.lease.isUnlimited && now >= slice.until : slice.isLow(now)) void this.lease.renew();
  }

  /** A request that was let in has not gone. */
  putBack(now: number): void {
    const { lease } = this;
    if (this.#isFree || !lease.slice.putBack(now)) return;
    if (now >= lease.slice.until) lease.owes = true;
    this.#world.onLeased(this);
  }

  /** Waits until a request may go, and takes its place. Rejects with a refusal at once where it would be longer than the call may wait. */
  async wait(call: GuardedCall, maximumWaitMs: number): Promise<void> {
    const { clock, mostWaiting } = this.#world;
    // The first request after a while finds no slice, and waits for the store alone. A renewal that is under way may be one that gives back.
    for (let tries = 0; tries < 2 && this.waiting === 0 && clock.monotonic() >= this.#opensAt; tries += 1) {
      if (this.options.isClosure !== true) await this.lease.renew();
      const now = clock.monotonic();
      if (this.isReady(now)) return this.take(now);
    }
    const waitMs = this.waitMs();
    if (waitMs > maximumWaitMs || this.waiting >= mostWaiting) throw this.#refusal(call, Math.max(waitMs, 1));
    if (waitMs > 0) this.announce(call, waitMs);
    this.#line ??= new WaitingLine(clock);
    const entered = this.#line.enter({
      place: [call.tenant, call.operation ?? call.author],
      signal: call.signal,
      maximumWaitMs,
      refuse: () => this.#refusal(call, Math.max(1, this.waitMs())),
    });
    void this.#pump(this.#line);
    return entered;
  }

  /** Milliseconds until a request that comes now could go, as far as is known. */
  waitMs(): number {
    const left = this.#opensAt - this.#world.clock.monotonic();
    const { limit, windowMs } = this.lease.shared.last;
    const queued = limit > 0 && windowMs !== null ? (this.waiting * windowMs) / limit : 0;
    return Math.ceil(Math.max(0, left, queued));
  }

  /** What an answer tells of it. Nothing is written for it, except where nothing remains. */
  tell(call: GuardedCall, told: ToldQuota): void {
    if (!this.lease.tell(told)) return;
    this.announce(call, this.waitMs());
    void this.lease.renew(0);
  }

  /** Lets nothing go for so long, in any process. */
  close(call: GuardedCall, forMs: number): void {
    this.lease.close(forMs);
    this.announce(call, this.waitMs());
  }

  /** Gives back what is not used of a slice whose time is over. Nothing is written where all of it was. Answers whether it still holds something. */
  async giveBack(isEnd: boolean): Promise<boolean> {
    const { lease } = this;
    const { slice } = lease;
    const now = this.#world.clock.monotonic();
    if (this.#isFree || !(lease.owes || slice.free + slice.promised > 0)) return false;
    if (!isEnd && (now < slice.until || this.waiting > 0)) return true;
    slice.until = Math.min(slice.until, now);
    await lease.renew(0);
    return lease.owes;
  }

  /** Tells of it, unless it was told of a moment ago. */
  announce(call: GuardedCall, waitMs: number): void {
    const now = this.#world.clock.monotonic();
    const isLong = waitMs > longMs && now + waitMs > this.#longUntil + quietMs / 10;
    if (now < this.#quietUntil && !isLong) return;
    this.#quietUntil = now + Math.max(quietMs, waitMs);
    this.#longUntil = isLong ? now + waitMs : this.#longUntil;
    this.options.onLimited(call, waitMs);
  }

  /** Nothing is counted. */
  get #isFree(): boolean {
    return this.options.isClosure === true || this.lease.isUnlimited;
  }

  /** Monotonic time before which nothing goes. */
  get #opensAt(): number {
    const { closedUntil, freeAt, slice } = this.lease;
    const isHeld = slice.free > 0 && this.#world.clock.monotonic() < slice.until;
    return this.#isFree || isHeld ? closedUntil : Math.max(closedUntil, freeAt);
  }

  /** Monotonic time before which asking for more is in vain. */
  get #storeOpensAt(): number {
    return Math.max(this.lease.closedUntil, this.lease.freeAt);
  }

  #refusal(call: GuardedCall, waitMs: number): PatchbayError {
    this.announce(call, waitMs);
    return this.options.refuse(call, waitMs);
  }

  /** Hands out what comes, until nobody waits. */
  async #pump(line: WaitingLine): Promise<void> {
    const { slice } = this.lease;
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (line.size > slice.promised) {
        const now = this.#world.clock.monotonic();
        const isHeld = slice.free > 0 && now < slice.until;
        const isEnough = isHeld && slice.free >= line.size - slice.promised;
        // One piece at a time, as large as it may be: each takes the line milliseconds. Meanwhile the next one is gathered.
        if (this.#handing && (isEnough || this.#isFree || now < this.#storeOpensAt)) await this.#handing;
        else if (!this.#handing && (isHeld || this.#isFree) && now >= this.lease.closedUntil) this.#handing = this.#handOut(line);
        else if (now < this.#opensAt) await this.#sleep(line, this.#opensAt - now);
        else await this.#gather();
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** Asks for more. Where none comes, as much is held already as may be: then the line has to turn first. */
  async #gather(): Promise<void> {
    const { slice } = this.lease;
    const before = slice.free + slice.promised;
    await this.lease.renew();
    if (slice.free + slice.promised <= before) await this.#handing;
  }

  /** Promises what is free to those who wait; it goes when the line has turned to it. */
  async #handOut(line: WaitingLine): Promise<void> {
    const { slice } = this.lease;
    const { clock } = this.#world;
    const { generation } = slice;
    const isFree = this.#isFree;
    const count = isFree ? line.size : Math.min(slice.free, line.size);
    if (!isFree) slice.promise(count);
    const isGood = (): boolean => isFree || (slice.generation === generation && clock.monotonic() < slice.until);
    const used = (): void => {
      if (!isFree) slice.hand(clock.monotonic());
    };
    const gone = await line.release({ count, isGood, used }).catch(() => 0);
    if (!isFree && slice.generation === generation) slice.unpromise(count - gone);
    this.#handing = undefined;
    void this.#pump(line);
  }

  /** Until then, or until nobody waits any more. */
  #sleep(line: WaitingLine, forMs: number): Promise<void> {
    const { clock } = this.#world;
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const done = (): void => {
        timer?.cancel();
        line.onEmpty = undefined;
        resolve();
      };
      timer = clock.setTimer(done, Math.max(1, Math.ceil(forMs)));
      line.onEmpty = done;
    });
  }
}
