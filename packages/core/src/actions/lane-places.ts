import type { Clock } from '../clock/clock.ts';
import type { LaneName } from '../contracts/claim-request.ts';

/** Which executions of actions are under way in this process, by the lane of their connection. */
export interface LanePlaces {
  /** What is to be called at the end of an execution; `null`: its lane may hang, and has as many under way as it may. */
  enter(lane: LaneName): (() => void) | null;
  /** Lanes that may hang and have as many under way as they may. */
  full(): readonly LaneName[];
}

/** Milliseconds: a lane of which one has ended within that time, and none is older, turns quickly and may have all that the worker can do. */
const quickMs = 1_000;

/** Idle lanes that are remembered. */
const mostIdle = 1_000;

/** Another may have three times as many under way as are free: of 32 the first has 24, a second 5, and the last is always another's. */
const share = 3;

interface Lane extends LaneName {
  /** When those under way began, by monotonic time, the oldest first. */
  readonly begun: Set<{ readonly at: number }>;
  /** When one ended last. */
  endedAt: number;
}

/** Makes one in which nothing is under way. `concurrency`: what the worker does at once. */
export function createLanePlaces(clock: Pick<Clock, 'monotonic'>, concurrency: number): LanePlaces {
  const lanes = new Map<string, Lane>();
  let underWay = 0;

  const isFull = ({ begun, endedAt }: Lane): boolean => {
    const [oldest] = begun;
    if (oldest === undefined) return false;
    const since = clock.monotonic() - quickMs;
    return (endedAt <= since || oldest.at <= since) && begun.size >= Math.max(1, share * (concurrency - underWay - 1));
  };

  return {
    enter({ tenant, lane }) {
      const name = `${tenant}\u0000${lane}`;
      const known: Lane = lanes.get(name) ?? { tenant, lane, begun: new Set(), endedAt: Number.NEGATIVE_INFINITY };
      if (isFull(known)) return null;
      lanes.set(name, known);
      const execution = { at: clock.monotonic() };
      known.begun.add(execution);
      underWay += 1;
      return () => {
        if (!known.begun.delete(execution)) return;
        underWay -= 1;
        known.endedAt = clock.monotonic();
        if (known.begun.size === 0 && lanes.size > mostIdle) lanes.delete(name);
      };
    },
    full: () => [...lanes.values()].filter(isFull).map(({ tenant, lane }) => ({ tenant, lane })),
  };
}
