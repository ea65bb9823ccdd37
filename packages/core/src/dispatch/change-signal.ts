/** Wakes everybody who waits for something to change. */
export interface ChangeSignal {
  raise(): void;
  /** Resolves at the next change. */
  next(): Promise<void>;
}

/** Makes a signal. However many wait, and however many of them wait no longer, it keeps one promise. */
export function createChangeSignal(): ChangeSignal {
  let change = Promise.withResolvers<void>();
  return {
    raise() {
      change.resolve();
      change = Promise.withResolvers<void>();
    },
    next: () => change.promise,
  };
}
