/** Something that waits for its turn. */
export interface Waiting {
  /** Whose it is: turns go from one to the next. */
  readonly tenant: string;
  /** True where it could go now; it has its place then. */
  tryToGo(): boolean;
}

/** Waits in the order in which it came within one tenant, and in turn over tenants. */
export interface WaitingLine {
  readonly size: number;
  /** How many of one tenant wait. */
  sizeOf(tenant: string): number;
  add(waiting: Waiting): void;
  remove(waiting: Waiting): void;
  /** Lets all go that can, one after the other, beginning with the tenant whose turn it is. */
  letGo(): void;
}

/** Makes an empty one. */
export function createWaitingLine(): WaitingLine {
  const lines = new Map<string, Set<Waiting>>();
  let size = 0;

  const remove = (waiting: Waiting): void => {
    const line = lines.get(waiting.tenant);
    if (!line?.delete(waiting)) return;
    size -= 1;
    if (line.size === 0) lines.delete(waiting.tenant);
  };

  /** One of the tenant that can go; a connection that cannot keeps those of its tenant behind it no longer than itself. */
  const goOf = (tenant: string, line: ReadonlySet<Waiting>): boolean => {
    for (const waiting of line) {
      if (!waiting.tryToGo()) continue;
      remove(waiting);
      // Its next turn comes after everybody else's.
      const rest = lines.get(tenant);
      lines.delete(tenant);
      if (rest !== undefined) lines.set(tenant, rest);
      return true;
    }
    return false;
  };

  const letOneGo = (): boolean => {
    for (const [tenant, line] of [...lines]) if (goOf(tenant, line)) return true;
    return false;
  };

  return {
    get size() {
      return size;
    },
    sizeOf: (tenant) => lines.get(tenant)?.size ?? 0,
    add(waiting) {
      const line = lines.get(waiting.tenant) ?? new Set();
      line.add(waiting);
      lines.set(waiting.tenant, line);
      size += 1;
    },
    remove,
    letGo() {
      // What has ended leaves a place at its host and one of its tenant's: that may be room for two.
      let isSome = letOneGo();
      while (isSome) isSome = letOneGo();
    },
  };
}
