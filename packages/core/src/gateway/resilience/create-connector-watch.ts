import type { Clock } from '../../clock/clock.ts';
import type { Notify } from '../../notices/notices.ts';

/** Knows whose code runs, and which connector's keeps the process from doing anything else. */
export interface ConnectorWatch {
  /** The connector's code is about to run, or to go on with what it has waited for. */
  mark(connector: string, operation: string): void;
  /** `null`: its actions may be executed, and what comes back is called at their end. A number: milliseconds after which to ask again. */
  admit(connector: string): (() => void) | number;
  /** Its code has not begun: its actions wait until that is forgotten. */
  suspend(connector: string): void;
  /** Forgets what it has done: it was restarted. */
  forget(connector: string): void;
  /** Connectors whose actions wait, and for how many milliseconds more. */
  held(): readonly { readonly connector: string; readonly leftMs: number }[];
}

/** What {@link createConnectorWatch} is given. */
export interface ConnectorWatchOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'now' | 'nextTurn'>;
  readonly notify: Notify;
}

/** Milliseconds in which nothing else ran, after which it counts as blocked. */
const blockedAfterMs = 1_000;

/** Blocks within ten minutes after which its actions wait. */
const most = { blocks: 3, withinMs: 600_000 };

/** Milliseconds for which they wait: the first time, doubled each time that a probe blocks again, up to the longest. */
const heldMs = { first: 60_000, longest: 1_800_000 };

/** Milliseconds after which an action comes again that a probe keeps waiting. */
const againMs = 5_000;

interface Watched {
  blockedAt: readonly number[];
  opens: number;
  /** Monotonic time; `null`: nothing is held. */
  heldUntil: number | null;
  isProbed: boolean;
}

/** Makes one that has seen nothing. It costs a look at the clock for each mark, and one callback for each turn of the event loop with marks. */
export function createConnectorWatch({ clock, notify }: ConnectorWatchOptions): ConnectorWatch {
  const watched = new Map<string, Watched>();
  const suspended = new Set<string>();
  let current: { readonly connector: string; readonly operation: string; readonly at: number } | null = null;

  const hold = (each: Watched, now: number): number => {
    each.opens += 1;
    const forMs = Math.min(heldMs.longest, heldMs.first * 2 ** Math.min(20, each.opens - 1));
    each.heldUntil = now + forMs;
    each.isProbed = false;
    return forMs;
  };

  /** Whose code ran last before the time passed in which nothing else ran. */
  const judge = (): void => {
    if (current === null) return;
    const { connector, operation, at } = current;
    const now = clock.monotonic();
    const blockedMs = now - at;
    if (blockedMs < blockedAfterMs) return;
    const each = watched.get(connector) ?? { blockedAt: [], opens: 0, heldUntil: null, isProbed: false };
    watched.set(connector, each);
    each.blockedAt = [...each.blockedAt.filter((before) => now - before < most.withinMs), now].slice(-most.blocks);
    const isOver = each.isProbed || (each.heldUntil === null && each.blockedAt.length >= most.blocks);
    const heldForMs = isOver ? hold(each, now) : null;
    notify('connector.blocked', { connectorId: connector, operation, blockedMs, heldForMs, at: clock.now() });
  };

  return {
    mark(connector, operation) {
      if (current === null)
        clock.nextTurn(() => {
          judge();
          current = null;
        });
      else judge();
      current = { connector, operation, at: clock.monotonic() };
    },
    suspend: (connector) => void suspended.add(connector),
    admit(connector) {
      if (suspended.has(connector)) return againMs;
      const each = watched.get(connector);
      if (each === undefined || each.heldUntil === null) return nothing;
      const left = each.heldUntil - clock.monotonic();
      if (left > 0) return left;
      if (each.isProbed) return againMs;
      each.isProbed = true;
      return () => {
        // Where it has blocked again it is held anew, and is probed no more.
        if (each.isProbed) watched.delete(connector);
      };
    },
    forget(connector) {
      suspended.delete(connector);
      watched.delete(connector);
    },
    held: () => [
      ...[...suspended].map((connector) => ({ connector, leftMs: againMs })),
      ...[...watched].flatMap(([connector, { heldUntil }]) =>
        heldUntil === null || suspended.has(connector) ? [] : [{ connector, leftMs: Math.max(0, heldUntil - clock.monotonic()) }],
      ),
    ],
  };
}

const nothing = (): void => undefined;
