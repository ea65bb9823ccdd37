import type { Clock, Timer } from '../clock/clock.ts';

/** Something that is over at a time of the monotonic clock. */
export interface Expiring {
  dueAt: number;
  expire(): void;
}

/**
 * Watches the deadlines of all requests of one network with a single timer, so that of many requests at once none has a timer of its own.
 * The timer is set for the earliest deadline seen and looks at all requests when it fires.
 */
export class RequestDeadlines {
  readonly #clock: Clock;
  readonly #watched = new Set<Expiring>();
  #timer: Timer | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds of the monotonic clock. */
  now(): number {
    return this.#clock.monotonic();
  }

  /** Watches `entry`, or notes that its deadline has moved. */
  watch(entry: Expiring): void {
    this.#watched.add(entry);
    if (entry.dueAt < this.#firesAt) this.#fireAt(entry.dueAt);
  }

  forget(entry: Expiring): void {
    this.#watched.delete(entry);
    // A timer with nothing to watch would only keep the process alive.
    if (this.#watched.size === 0) this.#stop();
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#firesAt = Number.POSITIVE_INFINITY;
  }

  #fireAt(time: number): void {
    this.#timer?.cancel();
    this.#firesAt = time;
    this.#timer = this.#clock.setTimer(this.#sweep, Math.max(1, Math.ceil(time - this.now())));
  }

  #sweep = (): void => {
    this.#stop();
    const now = this.now();
    let earliest = Number.POSITIVE_INFINITY;
    for (const entry of this.#watched) {
      if (entry.dueAt <= now) entry.expire();
      else earliest = Math.min(earliest, entry.dueAt);
    }
    if (earliest < this.#firesAt) this.#fireAt(earliest);
  };
}
