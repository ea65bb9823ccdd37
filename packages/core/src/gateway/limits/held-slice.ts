/**
 * The part of a quota that this process holds at this moment. Times are monotonic. Permits that wait in line to be handed out count as held, not as used:
 * what is used is used when the request goes.
 */
export class HeldSlice {
  /** Requests that may go at once. */
  free = 0;
  /** Requests that are promised to those who wait. */
  promised = 0;
  /** Requests that have gone since the store was last told; below 0 where more came back of those that it was told of. */
  used = 0;
  usedAt = 0;
  /** What is not used by then is lost. */
  until = 0;
  leasedAt = 0;
  /** Raised when what was held has come to nothing. */
  generation = 0;
  /** Slices in a row that were used up before their end. */
  streak = 0;
  /** Size of the last one. */
  #size = 0;
  #usedOfSlice = 0;
  #wanted = 1;
  /** Requests that the store was told of last. */
  #told = 0;

  /** Takes one that is free. */
  take(now: number): void {
    this.free -= 1;
    this.#went(now);
  }

  /** Promises so many to those who wait. */
  promise(count: number): void {
    this.free -= count;
    this.promised += count;
  }

  /** Those for whom it was promised have gone away. */
  unpromise(count: number): void {
    this.promise(-count);
  }

  /** One that was promised goes. */
  hand(now: number): void {
    this.promised -= 1;
    this.#went(now);
  }

  /** One that did not go after all, also where the store was told of it a moment ago. False where that is too long ago: then it counts as used. */
  putBack(now: number): boolean {
    const isAlive = now < this.until;
    if (this.used <= (isAlive ? -this.#told : 0)) return false;
    this.used -= 1;
    this.#usedOfSlice -= 1;
    if (isAlive) this.free += 1;
    return true;
  }

  /** True where the next slice had better be there before this one is used up: a process that needs one now and then asks when it needs it. */
  isLow(now: number): boolean {
    return this.streak > 0 && (this.free <= this.#size >> 2 || now >= this.until - (this.until - this.leasedAt) / 4);
  }

  /** What its time has ended of: all that is not used. */
  expire(): number {
    const lost = this.free + this.promised;
    this.free = 0;
    this.promised = 0;
    this.generation += 1;
    return lost;
  }

  /** How many the next slice is to hold: what the last one was used for, and quickly more while it does not suffice. */
  wanted(now: number, waiting: number): number {
    const isUsedUp = this.free <= this.#size >> 2 && this.#size > 0 && now - this.leasedAt <= (this.until - this.leasedAt) * 1.5;
    this.streak = isUsedUp ? this.streak + 1 : now < this.until ? this.streak : 0;
    if (isUsedUp) this.#wanted = Math.min(1_000_000, Math.max(this.#wanted, this.#size) * 4);
    else if (now >= this.until) this.#wanted = Math.max(1, this.#usedOfSlice);
    return Math.max(this.#wanted, waiting, 1);
  }

  /** A new slice, what was left of the one before included; `told` is what the store knows of now, `meanwhile` went while it was asked for. */
  renew(
    slice: { readonly count: number; readonly until: number; readonly at: number },
    { told, meanwhile }: { readonly told: number; readonly meanwhile: number },
  ): void {
    this.#told = Math.max(0, told);
    this.free = Math.max(0, slice.count - meanwhile - this.promised);
    this.until = slice.until;
    this.leasedAt = slice.at;
    this.#size = slice.count;
    this.#usedOfSlice = meanwhile;
  }

  #went(now: number): void {
    this.used += 1;
    this.#usedOfSlice += 1;
    this.usedAt = now;
  }
}
