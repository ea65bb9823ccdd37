import type { Clock } from '../../clock/clock.ts';
import type { LeaseStore } from '../../contracts/control-stores.ts';
import { deliveryTimeoutMs } from './send-delivery.ts';

/** What an endpoint can take, over all processes. */
export interface EndpointLimits {
  readonly maximumInFlight: number;
  /** Deliveries begun in a second; absent: as many as come. */
  readonly rate?: number | undefined;
}

/** A place for one delivery under way. */
export interface EndpointSlot {
  release(): void;
}

/** What a pool needs. */
export interface SlotPoolOptions {
  readonly leases: LeaseStore;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  /** Unique to this process. */
  readonly holder: string;
  /** What the leases are called; their numbers follow. */
  readonly name: string;
}

/** Milliseconds for which a place is leased; in one that could end before a delivery does none is begun. */
const leaseMs = 60_000;
const neededMs = deliveryTimeoutMs + 5_000;

/** Milliseconds after which a place that is not used goes back, for other processes. */
const idleMs = 2_000;

/** Milliseconds for which a place that another process has is not asked for again. */
const foreignMs = 1_000;

/** Milliseconds after which a delivery without a place looks again, wherever it is claimed then. */
const againMs = 250;

/** Milliseconds that a delivery waits in its worker for a place, where one became free as short a time ago. */
const patienceMs = 100;

interface Place {
  readonly name: string;
  fence: number;
  /** Monotonic time at which the lease ends at the earliest; before it has been asked for it has ended. */
  until: number;
  isUsed: boolean;
  /** Monotonic time before which the rate lets nothing begin here. */
  nextAt: number;
  /** Monotonic time before which another process has it. */
  foreignUntil: number;
  usedAt: number;
}

/** The places of one endpoint as this process has them. */
export class SlotPool {
  readonly #options: SlotPoolOptions;
  readonly #places: Place[] = [];
  readonly #waiting: ((place: Place | null) => void)[] = [];
  /** Monotonic time before which nothing more begins. */
  #pausedUntil = 0;
  #limits: EndpointLimits = { maximumInFlight: 1 };
  #turnedAt: number;
  /** Monotonic times of what began last here, at most as many as may begin in a second. */
  #begun: readonly number[] = [];

  constructor(options: SlotPoolOptions) {
    this.#options = options;
    // One that nobody knows yet is taken for one that answers.
    this.#turnedAt = options.clock.monotonic();
  }

  /** A place, or the milliseconds after which there may be one. */
  async enter(limits: EndpointLimits): Promise<EndpointSlot | number> {
    this.#limits = limits;
    if (this.#pauseLeft > 0) return this.#pauseLeft;
    if (this.#rateLeft > 0) return this.#freeIn();
    const place = (await this.#take()) ?? (await this.#wait());
    // Others may have begun while a place was asked for.
    if (place && this.#rateLeft > 0) place.isUsed = false;
    else if (place) return this.#begin(place);
    return Math.max(1, this.#pauseLeft, this.#freeIn());
  }

  /** Begins nothing for so long: the gate of its lane keeps what is not here yet away, this what is. */
  pause(forMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.clock.monotonic() + forMs);
    for (const settle of this.#waiting.splice(0)) settle(null);
  }

  /** True while this process would get no place. */
  get isFull(): boolean {
    return this.#pauseLeft > 0 || this.#waiting.length >= this.#mostWaiting || this.#freeIn() > 0;
  }

  /**
   * Gives back what has not been used for a while, or whatever is not used where it is to end; a place that has used up its part of the rate is kept
   * until it has another. Answers whether anything is held.
   */
  async tidy(isEnd: boolean): Promise<boolean> {
    const { leases, holder, clock } = this.#options;
    const now = clock.monotonic();
    const idle = this.#places.filter(
      (place) => !place.isUsed && place.until > now && place.nextAt <= now && (isEnd || now - place.usedAt >= idleMs),
    );
    for (const place of idle) place.until = 0;
    // One that cannot be given back ends by itself.
    await Promise.all(idle.map(({ name, fence }) => leases.release({ name, holder, fence }).catch(() => undefined)));
    return this.#places.some((place) => place.isUsed || place.until > now);
  }

  async #take(): Promise<Place | null> {
    const { clock } = this.#options;
    const { maximumInFlight } = this.#limits;
    for (let number = this.#places.length; number < maximumInFlight; number += 1) this.#places.push(this.#unheld(number));
    const now = clock.monotonic();
    const isFree = (place: Place): boolean => !place.isUsed && place.nextAt <= now;
    const open = this.#places.slice(0, maximumInFlight);
    const held = open.find((place) => isFree(place) && place.until - now >= neededMs);
    if (held) {
      held.isUsed = true;
      return held;
    }
    for (const place of open) {
      if (isFree(place) && place.foreignUntil <= clock.monotonic() && (await this.#lease(place))) return place;
    }
    return null;
  }

  /** Asks for the lease of a place, which nobody else takes meanwhile. */
  async #lease(place: Place): Promise<boolean> {
    const { leases, holder, clock } = this.#options;
    const askedAt = clock.monotonic();
    place.isUsed = true;
    try {
      const held = await leases.acquire({ name: place.name, holder, ttlMs: leaseMs });
      if (held) {
        place.fence = held.fence;
        place.until = askedAt + leaseMs;
        return true;
      }
      place.foreignUntil = clock.monotonic() + foreignMs;
      place.isUsed = false;
      return false;
    } catch (error) {
      place.isUsed = false;
      throw error;
    }
  }

  /** Waits a moment for a place where places become free quickly: a worker that waits for an endpoint that hangs would be missing to the others. */
  #wait(): Promise<Place | null> {
    const { clock } = this.#options;
    // Without one of its own under way it would wait for what other processes do.
    const isBusy = this.#limits.rate === undefined && this.#places.some((place) => place.isUsed);
    const isTurning = isBusy && clock.monotonic() - this.#turnedAt < patienceMs;
    if (!isTurning || this.#waiting.length >= this.#mostWaiting) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = clock.setTimer(() => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        resolve(null);
      }, patienceMs);
      const settle = (place: Place | null): void => {
        timer.cancel();
        resolve(place);
      };
      this.#waiting.push(settle);
    });
  }

  #begin(place: Place): EndpointSlot {
    const { clock } = this.#options;
    const { rate, maximumInFlight } = this.#limits;
    // Each place carries its part of the rate.
    if (rate !== undefined) {
      const now = clock.monotonic();
      place.nextAt = Math.max(now, place.nextAt) + (1_000 * maximumInFlight) / rate;
      this.#begun = [...this.#begun, now].slice(-rate);
    }
    return {
      release: () => {
        const now = clock.monotonic();
        this.#turnedAt = now;
        place.usedAt = now;
        const isReady = this.#pauseLeft === 0 && place.nextAt <= now && place.until - now >= neededMs;
        const next = isReady ? this.#waiting.shift() : undefined;
        if (next) next(place);
        else place.isUsed = false;
      },
    };
  }

  get #pauseLeft(): number {
    return Math.max(0, this.#pausedUntil - this.#options.clock.monotonic());
  }

  /** Milliseconds until the rate lets anything begin here: all places together begin no more in a second, and not as many as they are at once. */
  get #rateLeft(): number {
    const { rate } = this.#limits;
    const first = rate === undefined ? undefined : this.#begun.at(-rate);
    return first === undefined ? 0 : Math.max(0, first + 1_000 - this.#options.clock.monotonic());
  }

  get #mostWaiting(): number {
    return Math.ceil(this.#limits.maximumInFlight / 2);
  }

  /** Milliseconds until a place may be had here. */
  #freeIn(): number {
    const now = this.#options.clock.monotonic();
    const open = this.#places.slice(0, this.#limits.maximumInFlight);
    if (open.length < this.#limits.maximumInFlight) return Math.min(againMs, this.#rateLeft);
    const waits = open.map((place) =>
      place.isUsed ? againMs : Math.max(0, place.nextAt - now, place.until > now ? 0 : place.foreignUntil - now),
    );
    return Math.min(againMs, Math.max(this.#rateLeft, Math.min(...waits)));
  }

  #unheld(number: number): Place {
    const name = `${this.#options.name}:${number}`;
    return { name, fence: 0, until: 0, isUsed: false, nextAt: 0, foreignUntil: 0, usedAt: 0 };
  }
}
