/** Loads that callers share, one at a time per key. */
export interface SharedLoads<Value> {
  /** The load under way, unless something has changed since it began; else one that begins now. */
  join(key: string): Promise<Value>;
  /** A load that begins after this call, shared by all who came before it began. */
  next(key: string): Promise<Value>;
  /** Whatever is being loaded now is outdated: nobody joins it, and it is not kept. */
  outdate(key: string): void;
}

interface Load<Value> {
  readonly result: Promise<Value>;
  outdated: boolean;
}

/** Makes shared loads. `keep` is given each value that was not outdated when it arrived. */
export function createSharedLoads<Value>(
  load: (key: string) => Promise<Value>,
  keep: (key: string, value: Value) => void,
): SharedLoads<Value> {
  const running = new Map<string, Load<Value>>();
  const queued = new Map<string, Promise<Value>>();

  const start = (key: string): Promise<Value> => {
    const arrive = async (): Promise<Value> => {
      try {
        const value = await load(key);
        if (!entry.outdated) keep(key, value);
        return value;
      } finally {
        running.delete(key);
      }
    };
    const entry: Load<Value> = { result: Promise.resolve().then(arrive), outdated: false };
    running.set(key, entry);
    return entry.result;
  };

  const next = (key: string): Promise<Value> => {
    // Some steps lie between the end of a load and the beginning of the one that waits for it: who comes then shares that one.
    const waiting = queued.get(key);
    if (waiting !== undefined) return waiting;
    const before = running.get(key);
    if (!before) return start(key);
    const begin = (): Promise<Value> => {
      queued.delete(key);
      return start(key);
    };
    const promise = before.result.then(begin, begin);
    queued.set(key, promise);
    return promise;
  };

  return {
    next,
    join(key) {
      const entry = running.get(key);
      return entry && !entry.outdated ? entry.result : next(key);
    },
    outdate(key) {
      const entry = running.get(key);
      if (entry) entry.outdated = true;
    },
  };
}
