/** A timer that has been set and can be taken back. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in core. A test hands in its own. */
export interface Clock {
  /** Wall time, milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never go backwards; only differences mean something. */
  monotonic(): number;
  /** Calls `callback` after `delayMs` milliseconds. A pending timer keeps the process alive. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Calls `callback` on the next turn of the event loop, before any timer. */
  nextTurn(callback: () => void): void;
}
